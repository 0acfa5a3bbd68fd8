"""What every clinic program needs and no clinic word is in: database, journal, money, clock, errors."""
