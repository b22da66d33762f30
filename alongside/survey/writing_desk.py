"""The survey's tool for lesson 20: a codebook is written by ticking and in plain boxes, and the questionnaire made of it.

What may be decided, and what is said where it can't be, is in ``ask/writing.py``, as for the terminal. Nothing private is
typed here: questions, answers to choose from, and numbers of people.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from datetime import date
from html import escape
from pathlib import Path

import ipywidgets as w

from alongside import folder, templates
from alongside.errors import AlongsideError
from alongside.survey import commands
from alongside.survey import controls as ui
from alongside.survey.ask import writing
from alongside.survey.ask.codebook import Codebook, load
from alongside.survey.ask.writing import Breakdown, Manuscript, Question
from alongside.words import say

__all__ = ["survey_form"]

QUESTIONS = Path(__file__).with_name("questions.html.j2")


def survey_form() -> ui.Tool:
    """Choose questions, change their words, and make the codebook and the questionnaire; or draft one from an export."""
    which, own = (
        ui.choice(say("desk.questions"), writing.ready_made()),
        ui.line(say("desk.path_of_our_codebook")),
    )
    sheet = w.VBox([])

    def see() -> str:
        sheet.children = ()
        opened = _Sheet(*_begin(str(which.value), own))
        sheet.children = opened.parts()
        return say("desk.questions_are_below", count=len(opened.ticks))

    def leave(_: object) -> None:
        sheet.children = ()

    for control in (which, own):
        control.observe(leave, "value")
    parts = [which, *ui.only_for(which, own), *ui.button(say("desk.see_questions"), see), sheet]
    return ui.tool(parts + ([] if ui.hosted() else _drafting()), _page)


def _begin(chosen: str, own: w.Text) -> tuple[Manuscript, Codebook | None, str]:
    """What is to be written, the questionnaire of ours to tick in, and where it is to be saved."""
    if chosen == say("desk.our_own"):
        script = Manuscript.open(ui.path(own.value, own.description))
        near = script.kin()
        return script, load(near) if near else None, own.value.strip()
    book = load(writing.ready_made()[chosen])
    script = Manuscript.new()
    script.set_title(book.title)
    return script, book, "surveys/our-survey.yml"


class _Sheet:
    """The controls of one codebook that is being written. ``book``: the questionnaire of ours to tick in."""

    def __init__(self, script: Manuscript, book: Codebook | None, to: str) -> None:
        self.script, self.book = script, book
        self.aside: dict[str, Question | Breakdown] = {}  # what was unticked, with its words
        self.ticks: dict[str, w.Checkbox] = {}
        self.about: dict[str, w.Checkbox] = {}
        self.counts: dict[tuple[str, str], w.Text] = {}
        self.saved: Path | None = None
        self.list, self.counted = w.VBox([]), ui.html()
        self.about_list, self.about_said = w.VBox([]), ui.html()
        self.groups = w.VBox([])

        self.title = ui.line(say("desk.title"), script.title)
        self.wave = ui.line(say("desk.wave"), script.wave)
        self.scale = ui.line(say("desk.scale"), _line(script.scale))
        self.favorable = ui.line(say("desk.favorable"), _line(script.favorable))
        self.unfavorable = ui.line(say("desk.unfavorable"), _line(script.unfavorable))
        self.headcount = ui.line(say("desk.headcount"), _number(script.headcount))
        promised = script.follow_up
        self.next_steps = ui.line(say("desk.next_steps"), script.next_steps)
        self.day = ui.line(say("desk.day"), promised.date.isoformat() if promised else "")
        self.what = ui.line(say("desk.what"), promised.what if promised else "")
        self.who = ui.line(say("desk.who"), promised.who if promised else "")

        self.question = ui.dropdown(say("desk.question_to_change"), [])
        self.words = ui.line(say("desk.its_words"))
        self.practice = ui.dropdown(say("desk.practice"), [])
        self.other = ui.line(say("desk.other_practice"))
        self.person = ui.dropdown(say("desk.about_to_change"), [])
        self.person_words = ui.line(say("desk.about_words"))
        self.answers = ui.line(say("desk.its_answers"))

        self.to = ui.line(say("desk.file_for_questions"), to)
        self.replace = ui.tick(say("desk.replace"))
        self.folder = ui.line(say("desk.folder_for_questionnaire"), "surveys/questionnaire")

        self.scale.observe(self._new_scale, "value")
        self.question.observe(self._show_question, "value")
        self.person.observe(self._show_person, "value")
        self._draw()
        self._draw_about()

    def parts(self) -> tuple[w.Widget, ...]:
        """Every control, in the order in which it is asked for."""
        return (
            _head(say("desk.head_title")), self.title, self.wave,
            _head(say("desk.head_questions"), say("desk.why_questions")), self.list, self.counted,
            *ui.button(say("desk.tick_all"), lambda: self._tick_all(True)),
            *ui.button(say("desk.untick_all"), lambda: self._tick_all(False)),
            _head(say("desk.head_words"), level=4), self.question, self.words, self.practice, self.other,
            *ui.button(say("desk.keep_question"), self._keep_question),
            _head(say("desk.head_about"), say("desk.why_about")), self.about_list, self.about_said,
            _head(say("desk.head_about_words"), level=4), self.person, self.person_words, self.answers,
            *ui.button(say("desk.keep_about"), self._keep_about),
            _head(say("desk.head_scale"), say("desk.why_scale")), self.scale, self.favorable, self.unfavorable,
            _head(say("desk.head_headcount"), say("desk.why_headcount")), self.headcount, self.groups,
            _head(say("desk.head_next"), say("desk.why_next")), self.next_steps, self.day, self.what, self.who,
            _head(say("desk.head_save"), say("desk.why_save", count=self.script.minimum_group)),
            self.to, self.replace, self.folder,
            *ui.button(say("desk.save_questions"), self._save, say("desk.setting_pages")),
        )  # fmt: skip

    # --- the questions -------------------------------------------------------------------------------

    def _known(self) -> dict[str, Question]:
        """Each question that can be ticked, with its words, in the order of the page."""
        ready = self.book.items if self.book else {}
        found = {
            key: Question(key, item.practice, item.text, (), item.reversed) for key, item in ready.items()
        }
        found |= {key: one for key, one in self.aside.items() if isinstance(one, Question)}
        found |= {one.key: one for one in self.script.questions}
        names = list(self._practices())
        return dict(sorted(found.items(), key=lambda pair: names.index(pair[1].practice)))

    def _practices(self) -> Mapping[str, str]:
        ready = self.book.practices if self.book else {}
        return {
            **self.script.practices,
            **{key: ready[key] for key in ready if key not in self.script.practices},
        }

    def _draw(self) -> None:
        """A heading for each practice, and a tick for each of its questions."""
        chosen, names = {one.key for one in self.script.questions}, self._practices()
        shown: list[w.Widget] = []
        practice = ""
        for key, one in self._known().items():
            if one.practice != practice:
                practice = one.practice
                shown.append(_head(names[practice], level=4))
            shown.append(self._ticked(self.ticks, key, one.text, key in chosen, self._tick))
        self.list.children = shown
        self._count()

    def _ticked(
        self, ticks: dict[str, w.Checkbox], key: str, text: str, on: bool, change: Callable[[str, bool], None]
    ) -> w.Checkbox:
        """The tick of a key: made once, so that it stays where it is when others come and go."""
        if key not in ticks:
            made = ticks[key] = ui.tick(text, on)
            made.observe(lambda event: change(key, bool(event["new"])), "value")
        ticks[key].description = text
        return ticks[key]

    def _tick(self, key: str, on: bool) -> None:
        there = any(one.key == key for one in self.script.questions)
        if on == there:
            return
        try:
            if not on:
                self.aside[key] = self.script.question(key)
                self.script.drop(key)
            else:
                self._put_question(key)
        except AlongsideError as error:
            self.ticks[key].value = there
            self.counted.value = ui.alert(str(error))
        else:
            self._count()

    def _tick_all(self, on: bool) -> str:
        for key in self._known():
            self.ticks[key].value = on
        return say("desk.chosen", count=len(self.script.questions))

    def _put_question(self, key: str) -> None:
        kept = self.aside.get(key)
        if self.book and key in self.book.items:
            ready = {one.key for one in self.script.questions if one.key in self.book.items}
            self.script.choose(self.book, ready | {key})
            if kept:
                self.script.reword(key, kept.text)
                if isinstance(kept, Question):
                    self.script.count_like(kept)
        elif kept:
            self.script.put_back(kept)
        self.aside.pop(key, None)

    def _count(self) -> None:
        """How many are ticked; and what can be changed now."""
        chosen = self.script.questions
        self.counted.value = ui.status(say("desk.chosen", count=len(chosen)))
        options = [(one.text, one.key) for one in self._known().values() if one in chosen]
        ui.offer(self.question, [(say("desk.new_question"), ""), *options])
        practices = [(name, key) for key, name in self._practices().items()]
        ui.offer(self.practice, [*practices, (say("desk.other"), "")])
        self._show_question()

    def _show_question(self, _: object = None) -> None:
        key = str(self.question.value or "")
        self.words.value = self.script.question(key).text if key else ""
        if key:
            self.practice.value = self.script.question(key).practice

    def _keep_question(self) -> str:
        key, about = str(self.question.value or ""), str(self.practice.value or "") or self.other.value
        if key:
            self.script.reword(key, self.words.value)
            self.script.move(key, about)
            said = say("desk.question_changed")
        else:
            self.script.add(self.words.value, about)
            said = say("desk.question_added")
        self.other.value = ""
        self._draw()
        return said

    # --- about the person ----------------------------------------------------------------------------

    def _people(self) -> dict[str, Breakdown]:
        ready = self.book.about if self.book else {}
        found = {
            key: Breakdown(key, one.text, tuple(writing.Answer(label) for label in one.answers))
            for key, one in ready.items()
        }
        found |= {key: one for key, one in self.aside.items() if isinstance(one, Breakdown)}
        return found | {one.key: one for one in self.script.about}

    def _draw_about(self) -> None:
        chosen = {one.key for one in self.script.about}
        self.about_list.children = [
            self._ticked(self.about, key, _asked(one), key in chosen, self._tick_about)
            for key, one in self._people().items()
        ]
        self._count_about()

    def _tick_about(self, key: str, on: bool) -> None:
        there = any(one.key == key for one in self.script.about)
        if on == there:
            return
        try:
            if not on:
                self.aside[key] = self.script.breakdown(key)
                self.script.drop_about(key)
            else:
                self.script.put_back(self._people()[key])
                self.aside.pop(key, None)
        except AlongsideError as error:
            self.about[key].value = there
            self.about_said.value = ui.alert(str(error))
        else:
            self._count_about()

    def _count_about(self) -> None:
        self.about_said.value = ui.status(say("desk.chosen_about", count=len(self.script.about)))
        options = [(one.text, one.key) for one in self.script.about]
        ui.offer(self.person, [(say("desk.new_about"), ""), *options])
        self._show_person()
        self._draw_groups()

    def _show_person(self, _: object = None) -> None:
        key = str(self.person.value or "")
        self.person_words.value = self.script.breakdown(key).text if key else ""
        self.answers.value = _line(self.script.breakdown(key).labels) if key else ""

    def _keep_about(self) -> str:
        key, labels = str(self.person.value or ""), writing.parts(self.answers.value)
        if not key:
            self.script.ask_about(self.person_words.value, labels)
            said = say("desk.about_added")
        else:
            before = self.script.breakdown(key)
            self.script.reword_about(key, self.person_words.value)
            try:
                self.script.set_answers(key, labels)
            except AlongsideError:
                self.script.reword_about(key, before.text)
                raise
            said = say("desk.about_changed")
        self._draw_about()
        return said

    def _draw_groups(self) -> None:
        """A box for the head count of each answer that is asked about."""
        shown: list[w.Widget] = []
        for one in self.script.about:
            for answer in one.answers:
                place = (one.key, answer.label)
                if place not in self.counts:
                    name = say("desk.headcount_of", label=answer.label, text=one.text)
                    self.counts[place] = ui.line(name, _number(answer.headcount))
                shown.append(self.counts[place])
        self.groups.children = shown

    def _new_scale(self, _: object) -> None:
        """Other answers have other ends: those that count are proposed anew, and can be changed."""
        trial = copy.deepcopy(self.script)
        try:
            trial.set_scale(writing.parts(self.scale.value))
        except AlongsideError:
            return  # said when it is saved
        self.favorable.value, self.unfavorable.value = _line(trial.favorable), _line(trial.unfavorable)

    # --- saving --------------------------------------------------------------------------------------

    def _filled(self) -> tuple[Manuscript, bool]:
        """What is written with what stands in the boxes, and whether the file's words for gone answers go too."""
        script = copy.deepcopy(self.script)
        gone: list[bool] = []
        _fill(self.title, script.set_title)
        _fill(self.wave, script.set_wave)
        _fill(self.scale, lambda text: gone.append(script.set_scale(writing.parts(text))))
        low = writing.parts(self.unfavorable.value)
        _fill(self.favorable, lambda text: script.set_ends(writing.parts(text), low))
        # the sum of the groups is looked at once all are known
        for one in script.about:
            script.set_headcounts(one.key, [None] * len(one.answers))
        _fill(self.headcount, lambda text: script.set_headcount(writing.whole_number(text)))
        for one in script.about:
            counts: list[int | None] = []
            for answer in one.answers:
                box = self.counts[one.key, answer.label]
                _fill(box, lambda text: counts.append(writing.whole_number(text)))  # noqa: B023
            script.set_headcounts(one.key, counts)
        _fill(self.next_steps, script.set_next_steps)
        when: list[date | None] = []
        _fill(self.day, lambda text: when.append(writing.day(text)))
        _fill(self.what, lambda text: script.set_follow_up(when[-1], text, self.who.value))
        script.check()
        return script, any(gone)

    def _save(self) -> str:
        script, gone = self._filled()
        to, questionnaire = ui.new_path(self.to), ui.new_path(self.folder)
        folder.check(questionnaire, commands.FORM)
        again = self.saved is not None and to == self.saved
        writing.put(script, to, replace_it=bool(self.replace.value) or again)
        self.saved, self.script = to, script
        self.replace.value = False
        told = commands.write_form(to, questionnaire, lambda _: None)
        said = say("desk.questions_are_in", file=self.to.value.strip(), told=told)
        return say("desk.and_spellings_gone", told=said, gone=say("writing.spellings_gone")) if gone else said


def _fill(box: w.Text, keep: Callable[[str], object]) -> None:
    """Take over what stands in a box; what is wrong with it is said with the box's name."""
    try:
        keep(box.value)
    except AlongsideError as error:
        raise AlongsideError(say("desk.at_box", name=box.description, problem=error)) from None


def _head(text: str, told: str = "", level: int = 3) -> w.HTML:
    return ui.html(f"<h{level}>{escape(text)}</h{level}>" + (f"<p>{escape(told)}</p>" if told else ""))


def _asked(one: Breakdown) -> str:
    return say("desk.asked_about", text=one.text, answers=", ".join(one.labels))


def _line(texts: tuple[str, ...]) -> str:
    return "; ".join(texts)


def _number(count: int | None) -> str:
    return "" if count is None else str(count)


# --- beginning with a file that there is -------------------------------------------------------------


def _drafting() -> list[w.Widget]:
    answers, sheet = ui.line(say("desk.path_of_export")), ui.line(say("desk.sheet_if_several"))
    to, seen = ui.line(say("desk.file_for_codebook"), "our-survey.yml"), ui.html()

    def draft() -> str:
        seen.value = ""
        told = commands.write_draft(
            ui.path(answers.value, answers.description), sheet.value.strip() or None, ui.new_path(to)
        )
        text = escape(ui.new_path(to).read_text(encoding="utf-8"))
        seen.value = ui.folded(say("desk.look_at_draft"), f"<pre>{text}</pre>")
        return told

    told = ui.html(f"<h3>{say('desk.begin_with_a_file')}</h3><p>{say('desk.this_drafts')}</p>")
    return [told, answers, sheet, to, *ui.button(say("desk.draft"), draft), seen]


# --- without a program behind the page ---------------------------------------------------------------


def _page() -> str:
    staff = next(iter(writing.ready_made().values()))
    return ui.alone(
        say("desk.form_needs"),
        "alongside survey write --to surveys/our-survey.yml",
        lambda: ui.folded(
            say("desk.see_questions_for_staff"), templates.fill(QUESTIONS, codebook=load(staff))
        ),
    )
