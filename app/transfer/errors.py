"""What can go wrong with imports and exports, in sentences."""

from app.core.errors import Conflict, DeskError, Invalid, NotFound


class JobNotFound(NotFound):
    """There is no such import or export, or somebody else asked for it."""


class NotUploading(Conflict):
    """This import takes no more of its file."""


class PieceOutOfTurn(Conflict):
    """The pieces of a file come one after the other, the first is 0; go on with the one named here."""


class PieceDiffers(Conflict):
    """This piece was uploaded before with another content."""


class PieceEmpty(Invalid):
    """A piece of a file has between 1 byte and 1 MB."""


class FileTooLarge(Invalid):
    """This file is larger than an import may be here."""


class FilePacked(Invalid):
    """This file is packed; unpack it first, an import reads JSON lines as they are."""


class FileEmpty(Invalid):
    """Nothing of this file was uploaded yet."""


class JobOver(Conflict):
    """This is over already."""


class NoFile(Conflict):
    """There is no file to download: the export is not finished, or its file was dropped, after 7 days or with words that may not be kept."""


class NoSuchBytes(DeskError):
    """The file ends before the bytes that were asked for."""

    status = 416


class TooManyJobs(Conflict):
    """As many imports and exports as may be under way at once are; wait for one of them, or cancel one."""
