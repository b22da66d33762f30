"""The measures of plain language, where the survey's tests look for them."""

from alongside.course.plain import plain_text, reading_grade, sentences, words

__all__ = ["plain_text", "reading_grade", "sentences", "words"]
