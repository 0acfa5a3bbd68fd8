"""The tour: the real screens through a demo day by real key and mouse events, as numbered pictures and printed documents."""
