"""What can go wrong for a user, each with a message that says what, with which value, and what to do.

AdvisorError
├── SettingsError      a setting has a value that cannot be used
├── CorpusError        documents that cannot be read; names every one of them
├── IndexBusyError     another process is building the same index
├── KnowledgeError     a knowledge file contradicts itself (a mistake of ours, found when it is loaded)
├── InvalidChoiceError a factor or a value that does not exist
├── MisquoteError      a quote that is not what its article says (a mistake of ours; nothing is shown)
└── MovedOnError       a kept conversation that has gone on elsewhere
"""


class AdvisorError(Exception):
    """The base of all errors that are meant for a user's eyes."""


class SettingsError(AdvisorError):
    pass


class CorpusError(AdvisorError):
    pass


class IndexBusyError(AdvisorError):
    pass


class KnowledgeError(AdvisorError):
    pass


class InvalidChoiceError(AdvisorError):
    pass


class MisquoteError(AdvisorError):
    pass


class MovedOnError(AdvisorError):
    def __init__(self) -> None:
        super().__init__("This conversation has gone on in another window. Here is where it stands.")
