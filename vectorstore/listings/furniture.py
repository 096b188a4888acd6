"""What stands on pages beside the papers: lines that are no entry, and that no report needs to name.

One pattern a line, each of a whole line; upper and lower case are one.
"""

import re


def _lines(patterns: str) -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?:{line.strip()})" for line in patterns.strip().splitlines()), re.IGNORECASE | re.DOTALL
    )


ARXIV_LIST = _lines(r"""
    Total of \d+ entries.*|Showing up to .*|\[?fewer \| more.*|See today's new.*|Authors and titles for .*
    Showing new listings for .*|Submissions received from .*
    (?:New|Cross|Replacement) ?(?:submissions|lists)?s?|Replacements|Skip to main content
    We gratefully acknowledge.*|arXiv logo.*|arxiv logo.*|Help( \| Advanced Search)?|Search|GO|All fields.*
    quick links.*|Login|Donate|About|Contact|Subscribe|Copyright|Privacy Policy|contact arXiv.*
    subscribe to arXiv.*|Web Accessibility Assistance|arXiv Operational Status|Get status notifications.*
    \(?links: .*|[a-z.-]+ > [a-zA-Z.-]+|>?[a-z-]+\.[A-Z]{2}|[\d –-]+|\.\.\.|Open Positions
""")
ARXIV_EMAIL = _lines(r"""
    -{20,}|(?:%%--){3,}.*|={20,}|\\\\.*|Submissions to:|received from .*|send mail ONLY to.*|do not reply.*
    From: .*|To: .*|Subject: .*|Date: .*|Reply-To: .*|The following is a list of.*|Help .*|Links: .*
""")
ARXIV_ABS = _lines(r"""
    Skip to main content|We gratefully acknowledge.*|arXiv logo.*|Help( \| Advanced Search)?|Search|GO|Login
    Donate|All fields.*|quick links.*|[\w.-]+ > (?:[\w.-]+ > )?arXiv:.*|[A-Z][\w ,&-]+ > [A-Z][\w ,&-]+
    Open Positions|Cornell University.*|\(or arXiv:.*\)|https?://\S+|Focus to learn more.*
    arXiv-issued DOI via .*|Submission history|From: .*view email.*|\[?v\d+\]? .*UTC.*|Full-text links:
    Access Paper:|(?:View |Download )?(?:a )?PDF\b.*|HTML \(experimental\).*|TeX Source|Other Formats
    view license|license icon.*|Current browse context:|[a-z-]+\.[A-Z]{2}|< ?prev.*|next ?>
    new \| recent.*|Change to browse by:.*|References & Citations|NASA ADS|Google Scholar|Semantic Scholar
    DBLP.*|listing \| bibtex|\d+ blog links?.*|export BibTeX citation.*|Loading\.\.\.|Bookmark.*|BibSonomy.*
    Reddit.*|Bibliographic Tools|Bibliographic and Citation Tools|Bibliographic Explorer.*
    Connected Papers.*|Litmaps.*|scite.*|Code, Data.*|Demos.*|Related Papers|About arXivLabs.*|.*Toggle.*
    .*What is .*\?.*|alphaXiv.*|CatalyzeX.*|DagsHub.*|Gotit\.pub.*|Hugging Face.*|Papers with Code.*
    ScienceCast.*|Replicate.*|TXYZ\.AI.*|Influence Flower.*|CORE [Rr]ecommender.*|IArxiv.*|Author|Venue
    Institution|Topic|arXivLabs.*|Both individuals and.*|Have an idea.*|Which authors of this.*|About
    Contact|Subscribe|Copyright|Privacy Policy|contact arXiv.*|subscribe to arXiv.*|Web Accessibility.*
    arXiv Operational Status|Get status notifications.*|\(What is .*|Recommenders and Search Tools
    Additional Features
""")
OPENREVIEW = _lines(r"""
    (?:Accepted|Rejected|Submitted|All|Withdrawn|Desk Rejected) ?(?:Papers|Submissions)?
    .{3,80} (?:Conference|Workshop)(?: \d{4})?|.* Conference .* homepage|OpenReview.*|Toggle navigation
    Login|Search.*|Back to .*|Go to .*|[«»‹›\d. ]+
    (?:About|Contact|Sponsors|Donate|FAQ|Terms of .*|Privacy .*|All Venues|Hosting .*)
    (?:News|Feedback|Your Consoles|Activity|Tasks)
""")
ANTHOLOGY = _lines(r"""
    .*\(Editors?\)|ACL Anthology|News.*|FAQ.*|Corrections.*|Submissions.*|Github|Search.*|ACL (?:materials|logo).*
    Correct Metadata.*|Correct title and.*|BibTeX.*|MODS XML|Endnote|Preformatted.*|Markdown.*|Permanent.*
    Site last built.*|Show all abstracts.*|Hide all abstracts.*|Fix (?:author|data)|Also published as:.*
    Co-authors|Venues|\d+ papers?|up|Cite|Copy Citation|Video
""")
DBLP = _lines(r"""
    view|electronic edition.*|no references.*|references & citations.*|export record|BibTeX|RIS|RDF.*|XML
    ask others|share record|dblp key:.*|[a-z]+/[\w/-]+|Google.*|Semantic Scholar|CiteSeerX?
    Internet Archive Scholar|PubPeer|ORCID|Twitter|Reddit|BibSonomy|LinkedIn|Mastodon|Bluesky|Mendeley
    persistent URL:.*
    export bibliography|https?://\S+|Person information.*|affiliation.*|\d{4}s?(?: [–-] (?:today|\d{4}))?
    \[?home ?.{0,40}|\[–\].*|Refine list|showing all.*|refine by.*|see also.*|dblp.*|Publications?:? ?.*
    Coauthor Index.*|Journal Articles|Conference and Workshop Papers|Informal .*|Books and Theses
    Parts in Books.*|Editorship|Reference Works|Data and Artifacts|What is this\?|access|open access
    \(?open\)?
""")
HF_DAILY = _lines(r"""
    daily papers|by|ak|and the research community|by ?ak ?and the research community|previous|next|upvote
    github|arxiv page|new|get trending papers.*|subscribe|hugging face|models|datasets|spaces|community|docs
    enterprise|pricing|log in|sign up|papers|daily|weekly|monthly|trending(?: papers)?|search.*|view all
    published on .*|submitted by.*|·|•|back to.*|tos|privacy|about|careers|system theme|company|website
    inference (?:providers|endpoints)|buckets|storage|huggingchat|load more.*|jobs|\+\d+|browse.*
""")
SCHOLAR = _lines(r"""
    loading\.*|the system can't perform.*|citations per year|duplicate citations
    the following articles are merged.*|merged citations|this \"cited by\" count.*|add co-authors
    co-authors.*|follow(?:ing)?|new (?:articles|citations).*|email address for updates|done|my profile
    my library|metrics|alerts|settings|sign (?:in|out)|get my own profile|cited by.*|all\s+since \d+|all
    since \d+|citations\b.*|h-index\b.*|i10-index\b.*|\d+ articles?|(?:not )?available
    based on funding mandates|view all|help|privacy|terms|show more|articles(?: \d+[-–]\d+)?|public access.*
    sort(?: by .*)?|title|year|(?:no )?verified email.*|homepage|export|merge|delete|google scholar|scholar profiles?
    [\d,.\s]+|advanced search|skip to.*|access details|recommended.*|my citations|profiles|edit
""")
