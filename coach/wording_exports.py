"""Why the bot refuses an export: what is wrong, in which file, where, and what helps."""

from __future__ import annotations


def unknown_file(file: str) -> str:
    """Nothing in a file is known."""
    return (
        f"{file} is not an export that I know; I read those of Mastodon, X, LinkedIn, Bluesky, Threads, Instagram "
        "and Micro.blog, and CSV files with a column for the text and one for the date."
    )


def nothing_inside(file: str) -> str:
    """An archive holds no posts."""
    return (
        f"I find no posts in {file}; I look for outbox.json (Mastodon), data/tweets.js (X), Shares.csv and "
        "Comments.csv (LinkedIn), threads_and_replies.json (Threads), posts_1.json (Instagram) and feed.json "
        "(Micro.blog)."
    )


def empty_file(file: str) -> str:
    """A file has nothing in it."""
    return f"{file} is empty; download it again."


def cut_off(file: str, where: str) -> str:
    """A file ends too early."""
    return f"{file} ends {where}, so a part of it is missing; download it again."


def damaged(file: str, where: str) -> str:
    """A file is not what it should be at some place."""
    return f"{file} is damaged {where}; download it again."


def wrong_encoding(file: str, encoding: str) -> str:
    """A file's characters can't be read."""
    return f"{file} is not all {encoding}; save it as UTF-8 and try again."


def no_json(file: str, where: str) -> str:
    """A file that should be JSON isn't."""
    return f"{file} is not valid JSON {where}; download it again."


def too_big(file: str, where: str) -> str:
    """Something in a file is bigger than any post."""
    return f"{file} has something {where} that is too long to be a post, so I don't read it."


def bomb(file: str) -> str:
    """An archive would unpack to far more than it is."""
    return f"{file} would unpack to more than 100 times its size, which no export does, so I don't read it."


def too_many_files(file: str) -> str:
    """An archive has too many files."""
    return f"{file} holds more files than any export does, so I don't read it."


def leads_outside(file: str, name: str) -> str:
    """An archive has a path that leads out of it."""
    return (
        f"{file} holds a file with a path that leads out of it ({name}), which no export does, so I don't read it."
    )


def locked(file: str, name: str) -> str:
    """An archive asks for a password."""
    return f"{name} in {file} is locked with a password; send it without one."


def packed_oddly(file: str, name: str) -> str:
    """An archive is packed by a method that is not supported."""
    return f"{name} in {file} is packed in a way that I can't unpack; send {name} itself."


def only_html(file: str) -> str:
    """An export of Instagram or Threads has web pages where JSON is wanted."""
    return (
        f"{file} is an export as web pages (HTML), which I can't read; ask for a new one in the Accounts Centre: "
        "Your information and permissions, Export your information, and there choose the format JSON."
    )


def only_pages(file: str) -> str:
    """A file is a web page."""
    return f"{file} is a web page (HTML), which I can't read; export your posts as JSON or CSV."


def no_columns(file: str, lacking: str) -> str:
    """A table lacks a column."""
    return (
        f"I find no column with {lacking} in {file}; name the columns in its first line: text, date and, if you "
        "have it, reply."
    )


def unreadable_posts(file: str, count: int) -> str:
    """Not one post of an export could be read."""
    return f"None of the {count} posts in {file} has a text and a date where I look for them, so I can't use it."


def not_there(file: str) -> str:
    """A file isn't there."""
    return f"{file} is not there, or may not be read."


def at_item(number: int) -> str:
    """Where in a file: at a post."""
    return f"at post {number:,}"


def in_item(number: int) -> str:
    """Where in a file: in the middle of a post."""
    return f"in the middle of post {number:,}"


def at_line(number: int) -> str:
    """Where in a file: at a line."""
    return f"at line {number:,}"


def at_byte(number: int) -> str:
    """Where in a file: at a byte."""
    return f"at byte {number:,}"


EARLY = "too early"
