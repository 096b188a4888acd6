"""Every word of the page that does not come from the library or from a model."""

TITLE = "Research assistant"
LEDE = "Ask about the papers in your library. Every sentence of an answer cites the passage that it rests on."

LIBRARY = "Library"
EVIDENCE = "Evidence"
CONVERSATION = "Conversation"
QUESTION = "Question"
NEW_CHAT = "New chat"

COMPOSER = "Your question"
COMPOSER_HINT = "Ask about your papers…"
SEND = "Send"
STOP = "Stop"
WRITING = "writing"
REMOVE_FILTER = "Ask again without"
STOPPED = "Stopped here."
COPY = "Copy"
COPIED = "Copied"
ASK_LOCAL_MODEL = "Ask the local model instead"
EXAMPLES = "Try one of these"

MODEL = "Model"
LOCAL_MODEL = "Local model"
OTHER_MODEL = "Another model"
MODEL_NAME = "Name or address"
MODEL_HINT = "openai:NAME, ollama:NAME or http://127.0.0.1:8000/v1"
STRICT = "Leave out what no passage supports"
MODEL_MISSING = "Type a model's name or a server's address; until then the local model answers."
STAYS_HERE = "nothing leaves this machine"
NO_SUCH_MODEL = "not a model"

NO_EVIDENCE_YET = "The papers behind an answer appear here, with the words that it rests on."
NO_EVIDENCE = "This answer cites no paper."
WHOLE_ABSTRACT = "Whole abstract"
OPEN_PAPER = "Open paper"
HAS_CODE = "code"
YEAR_INFERRED = "year inferred"
CITED_FROM_CATALOGUE = "Cited for what the listing prints about it."

EMPTY_LIBRARY = "The library is empty. Read the listings that come with the program, or add your own."
READ_SEEDS = "Read the seed listings"
ADD_LISTINGS = "Add listings (.txt)"
NOTHING_NEW = "Nothing new: these listings are in the library already."
ENTRIES = "entries in this listing"
READING = "Reading the listings"

UNEXPECTED = "Something went wrong here, and it is in the program's log; ask again, or reload the page."


def counted(number: int, thing: str) -> str:
    """Return "1 paper", "2 papers"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
