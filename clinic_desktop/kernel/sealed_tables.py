"""Tables of what a server keeps sealed: the key file and the documents. In a database file both are empty."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from clinic_desktop.kernel.tables import Base


class KeyVault(Base):
    """The key file of a clinic on a server; a database file has it beside itself."""

    __tablename__ = "key_vault"
    __table_args__ = ({"info": {"journalled": False}},)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes]


class DocumentBlob(Base):
    """A document on a server; a database file has a folder beside itself."""

    __tablename__ = "document_blobs"
    __table_args__ = ({"info": {"journalled": False}},)

    sha256: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]
    put_at: Mapped[datetime | None]
    """When it was last put, by the server's own clock: what nobody names is removed some days later."""
