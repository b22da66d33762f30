"""What the exports of each survey tool look like: one entry a tool, in ``TOOLS``, and nothing about a tool elsewhere.

A tool is added or taught another language here alone. Patterns are those of whole headings and whole cells, folded as
the codebook folds them (no case, accents or punctuation); each stands under the language of the tool's interface
that it is in, or under "any" where it is the same in all. ``COMMON`` is what all of them share, and what people write who
keep answers in a spreadsheet of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Literal

from alongside.survey.ask.codebook import fold
from alongside.survey.read.files import Record, tidy

__all__ = [
    "COMMON",
    "TOOLS",
    "UNKNOWN",
    "Ids",
    "Kind",
    "Mark",
    "Names",
    "Reader",
    "Tool",
    "Wrapper",
    "heading_of",
    "identities",
    "is_added_by_a_tool",
    "is_for_words",
    "is_heading_row",
    "is_second_row_word",
    "is_summary_word",
    "is_time_of_nobody",
    "known",
    "marks",
    "names_nobody",
    "pieces",
    "times",
    "unwrapped",
]

Spoken = Mapping[str, str]
"""A pattern for each language of a tool's interface."""
Kind = Literal["test", "partial", "unusable"]
"""Why a row is none of the answers."""
Names = Literal["record", "count", "person", "address"]
UNKNOWN = "unknown"
"""Instead of a Kind, for a word of which nobody has said what it means."""
Reader = Callable[[str], str]
"""What a cell says of its row: a Kind, UNKNOWN, or "" where the row counts."""
Headings = Sequence[Record]


def said(**languages: str) -> Spoken:
    """A pattern by language."""
    return languages


class Wrapper(Enum):
    """How a tool wraps a question into more words."""

    GROUP = "Group/Heading"
    DASH = "Question - Heading"
    BRACKETS = "Question [Heading]"
    CODE = "Q1. Heading"


_SIGNS = {Wrapper.GROUP: ("/",), Wrapper.DASH: (" - ", " – ", " — ")}
"""Before the heading, in wrappers that go by a sign."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Columns in which a tool says of a row that it is none of the answers.

    ``heading``: the columns. ``says``: what marks a row there, by kind. ``fine``: what says that a row counts; where it
    is given, any other word is UNKNOWN. ``blank``: what an empty cell means, if anything. ``unless``: the mark does not
    count in a file with such a column. ``nearest``: it counts in the columns nearest to ours alone, before or after them.
    """

    heading: Spoken
    says: Mapping[Kind, Spoken] = field(default_factory=dict)
    fine: Spoken | None = None
    blank: Kind | None = None
    unless: Spoken = field(default_factory=dict)
    nearest: Literal["before", "after"] | None = None


@dataclass(frozen=True, slots=True)
class Ids:
    """Columns in which a tool names a record or a respondent.

    ``heading``: the columns; ``as_written``: the same by a pattern that case and signs count in. ``names``: "record"
    where no other record of the tool has the same; "count" where it runs from 1 in each form; "person" where it is
    somebody's in each form that they fill in; "address" for an e-mail address, which several people may share.
    """

    names: Names
    heading: Spoken
    as_written: str = ""

    def fits(self, cells: Record) -> bool:
        """Whether a column with these headings is one."""
        return _fits(self.heading, cells) or _fits_as_written(self.as_written, cells)


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. ``known_by``: its file has, for all patterns of one of these, a heading that fits.

    ``ids``: columns that name a respondent or a record. ``first_names``: the first column does, whatever it is called.
    ``times``: columns with the time of submission, the best first. ``system``: all others that it adds by itself.
    ``as_written``: such headings by a pattern that case and signs count in. ``wrappers``: of its questions. ``marks``:
    of rows that are no answers. ``second_row``: words of a second row of headings that are no questions.
    ``names_a_column``: what stands in a further row of headings, with the column's name as its group.
    """

    name: str
    known_by: tuple[tuple[str, ...], ...]
    ids: tuple[Ids, ...]
    times: tuple[Spoken, ...]
    system: Spoken
    wrappers: tuple[Wrapper, ...]
    marks: tuple[Mark, ...]
    first_names: bool = False
    as_written: str = ""
    second_row: Spoken = field(default_factory=dict)
    names_a_column: str = ""


# --- words that tools share ------------------------------------------------------------------------------

_TESTS = said(
    en=r"(survey |offline |form )?(preview|test|testing|pretest|pilot)( data| mode| response| entry| submission)?( spam)?",
    es=r"(de )?pruebas?|(respuesta|datos) de prueba|vista previa( de (la )?(encuesta|formulario))?|previsualizacion",
    fr=r"(de )?tests?|essais?|(reponse|donnees) de test|apercu( d[eu] (l )?(enquete|sondage|formulaire|questionnaire))?"
    r"|previsualisation",
    de=r"tests?|testdaten|testantwort|(umfrage)?vorschau|vorschau der umfrage|probe",
    pt=r"(de )?testes?|(resposta|dados) de teste|(pre )?visualizacao( previa)?( d[aeo] (pesquisa|formulario|inquerito))?"
    r"|previa( da pesquisa)?",
)
_PARTIALS = said(
    en=r"partial(ly)?( (response|submission|complete(d)?))?|(partially )?incomplete|(in|survey in) ?progress|(just )?started"
    r"|not (yet )?(complete(d)?|finished|submitted)|unfinished|abandoned|saved|draft|dropped out|dropout|break ?off"
    r"|unsubmitted|timed out|expired",
    es=r"(respuesta )?parcial(mente( complet[oa](d[oa])?)?)?|incomplet[oa]|en (curso|progreso|proceso)|iniciad[oa]"
    r"|sin (terminar|completar|finalizar)|no (complet(ad)?[oa]|terminad[oa]|finalizad[oa]|enviad[oa])|abandonad[oa]|borrador",
    fr=r"(reponse )?partiel(le)?(ment( (complete(e)?|remplie?))?)?|incomplet(e)?|en cours|commence(e)?|debute(e)?"
    r"|non (complete(e)?|termine(e)?|soumis(e)?|envoye(e)?|acheve(e)?)|pas termine(e)?|inacheve(e)?|abandonne(e)?|brouillon",
    de=r"teilweise( (abgeschlossen|ausgefullt|beantwortet))?|(teil|partiell)e?( antwort)?|unvollstandig|in (bearbeitung|arbeit)"
    r"|begonnen|gestartet|nicht (abgeschlossen|abgeschickt|beendet|vollstandig|eingereicht)|unbeendet|abgebrochen|entwurf",
    pt=r"(resposta )?parcial(mente( (completa?|concluid[oa]|preenchid[oa]))?)?|incomplet[oa]|em (andamento|curso|progresso)"
    r"|iniciad[oa]|nao (complet(ad)?[oa]|concluid[oa]|terminad[oa]|finalizad[oa]|enviad[oa])|abandonad[oa]|rascunho",
)
_UNUSABLE = said(
    en=r"((possible|suspected|likely|marked as|imported|ex|survey preview) )?spam|rejected|denied|declined|refused"
    r"|not (approved|accepted|valid|usable)|unapproved|disapproved|on ?hold|invalid(ated)?|unusable|do not use|excluded"
    r"|deleted|trash(ed)?|duplicated?|disqualified|screened ?out|screen ?out|over ?quota|quota full|quotafull|terminated"
    r"|fraud(ulent)?|suspicious|bots?|fake|junk|failed|bad",
    es=r"(posible )?spam|(correo )?no deseado|rechazad[oa]|denegad[oa]|no (aprobad[oa]|aceptad[oa]|valid[oa])|en espera|retenid[oa]"
    r"|desaprobad[oa]|invalid[oa]|eliminad[oa]|borrad[oa]|excluid[oa]|duplicad[oa]|descalificad[oa]|descartad[oa]"
    r"|cuota (completa|superada|llena)|fraudulent[oa]|sospechos[oa]",
    fr=r"(possible )?spam|indesirable|rejete(e)?|refuse(e)?|decline(e)?|(non|pas) (approuve(e)?|accepte(e)?|valide(e)?)|en attente"
    r"|desapprouve(e)?|invalide(e)?|supprime(e)?|exclu(e|s)?|doublon|en double|disqualifie(e)?|ecarte(e)?|quota (atteint|depasse)"
    r"|frauduleu(x|se)|suspect(e)?|mis(e)? en attente",
    de=r"(moglicher )?spam|abgelehnt|zuruckgewiesen|nicht (genehmigt|freigegeben|akzeptiert|gultig)|ungenehmigt|zuruckgestellt"
    r"|in der warteschleife|in wartestellung|angehalten|wartend|ausstehend|ungultig|geloscht|ausgeschlossen|duplikat|doppelt"
    r"|disqualifiziert|ausgescreent|quote (voll|uberschritten)|verdachtig|unbrauchbar",
    pt=r"(possivel )?spam|rejeitad[oa]|recusad[oa]|negad[oa]|nao (aprovad[oa]|aceit[oae]|validad[oa]|valid[oa])|reprovad[oa]"
    r"|em espera|retid[oa]|desaprovad[oa]|invalid[oa]|excluid[oa]|apagad[oa]|eliminad[oa]|duplicad[oa]|desqualificad[oa]"
    r"|descartad[oa]|cota (cheia|excedida|atingida)|fraudulent[oa]|suspeit[oa]",
)
_FINE = said(
    any=r"ok|\s*",
    en=r"complete(d)?( (response|survey))?|fully complete(d)?|finished|done|submitted( via web)?|approved|accepted|valid(ated)?|usable"
    r"|received|reviewed|verified|unverified|edited|ip address|imported|offline( response)?|final|processed|no status|not spam",
    es=r"complet[oa]|completad[oa]|terminad[oa]|finalizad[oa]|enviad[oa]|aprobad[oa]|aceptad[oa]|valid[oa]|validad[oa]"
    r"|recibid[oa]|revisad[oa]|verificad[oa]|no verificad[oa]|sin verificar|direccion ip|editad[oa]|list[oa]",
    fr=r"complet|complete(e)?|termine(e)?|fini(e)?|acheve(e)?|soumis(e)?|envoye(e)?|approuve(e)?|accepte(e)?|valide(e)?|recu(e)?"
    r"|revise(e)?|verifie(e)?|non verifie(e)?|adresse ip|modifie(e)?",
    de=r"(vollstandig( abgeschlossen)?|abgeschlossen|beendet|fertig|abgeschickt|gesendet|eingereicht|ubermittelt|genehmigt)"
    r"|freigegeben|akzeptiert|angenommen|gultig|validiert|empfangen|gepruft|ungepruft|verifiziert|nicht verifiziert|ip adresse"
    r"|bearbeitet|erhalten",
    pt=r"complet[oa]|completad[oa]|concluid[oa]|terminad[oa]|finalizad[oa]|enviad[oa]|aprovad[oa]|aceit[oae]|valid[oa]|validad[oa]"
    r"|recebid[oa]|revisad[oa]|verificad[oa]|nao verificad[oa]|endereco ip|editad[oa]",
)
_YES = said(
    any=r"1|x|true|yes|y",
    es=r"si|s|verdadero|cierto",
    fr=r"oui|o|vrai",
    de=r"ja|j|wahr",
    pt=r"sim|verdadeiro",
)
_NO = said(any=r"0|false|no|n", es=r"falso", fr=r"non|faux", de=r"nein|falsch", pt=r"nao|falso")
_STATUS: Mapping[Kind, Spoken] = {"test": _TESTS, "partial": _PARTIALS, "unusable": _UNUSABLE}

_RESPONSE_ID = said(
    en=r"response ?id", es=r"id (de )?(la )?respuesta", fr=r"id (de )?(la )?reponse|identifiant (de )?(la )?reponse",
    de=r"antwort ?id|id der antwort", pt=r"id (da|de) resposta|codigo da resposta",
)  # fmt: skip
_EMAIL = said(
    en=r"((work|respondent|recipient|contact|participant|your|user) ?)?e ?mail( ?address)?",
    es=r"correo( electronico)?|direccion de correo( electronico)?|email|e mail",
    fr=r"adresse (e ?mail|electronique|courriel|de messagerie|de courrier( electronique)?)|courriel|courrier electronique"
    r"|e ?mail|messagerie",
    de=r"e ?mail( ?adresse)?|mail ?adresse",
    pt=r"(endereco de )?(e ?mail|correio eletronico)",
)
_IP = said(
    en=r"ip( address)?|submission ip|user ip", es=r"direccion (de )?ip|ip", fr=r"adresse ip", de=r"ip ?adresse", pt=r"endereco (de )?ip",
)  # fmt: skip
_NAMES = said(
    en=r"((first|last|middle|full|user|respondent|recipient ?first|recipient ?last) ?)?name|surname",
    es=r"nombres?( completo)?|apellidos?",
    fr=r"nom( de famille| complet)?|prenom",
    de=r"(vor|nach)?name|familienname",
    pt=r"nome( completo)?|primeiro nome|sobrenome|apelido|ultimo nome",
)
_SUBMITTED = said(
    any=r"submitdate",
    en=r"(date|time) ?submitted|submit(ted)? ?(date|time|on|at)?( utc| gmt)?|submission ?(date|time)( utc| gmt)?",
    es=r"fecha( y hora)? de(l)? (envio|entrega)|enviado( el)?",
    fr=r"date( et heure)? (de (la )?soumission|d envoi|de l envoi)|soumis(e)? le|envoye(e)? le",
    de=r"datum abgeschickt|abgeschickt( am)?|absende(datum|zeit)|(einreichungs|ubermittlungs)(datum|zeit)|eingereicht( am)?"
    r"|gesendet am",
    pt=r"data( e hora)? (de|do) (envio|submissao)|enviad[oa] em",
)
_ENDED = said(
    en=r"end ?(date|time)|ended( at| on)?|(date|time) (ended|completed|finished)|complet(ed|ion) ?(date|time|at|on)|finished (at|on)"
    r"|recorded ?date|date recorded",
    es=r"(fecha|hora)( y hora)? de (finalizacion|fin|termino|terminacion|conclusion|registro)|fecha final",
    fr=r"(date|heure)( et heure)? (de fin|d achevement|de completion|d enregistrement)",
    de=r"end(datum|zeit)|(datum|zeit(punkt)?) (beendet|der fertigstellung)|(fertigstellungs|abschluss)(zeit|datum)|beendet am"
    r"|aufzeichnungsdatum",
    pt=r"(data|hora)( e hora)? (de|do) (termino|fim|conclusao|finalizacao|registro|registo)|data final",
)
_STARTED = said(
    en=r"start ?(date|time)( utc)?|started( at| on)?|(date|time) started",
    es=r"(fecha|hora)( y hora)? de(l)? (inicio|comienzo)",
    fr=r"(date|heure)( et heure)? de (debut|lancement|demarrage)",
    de=r"start(datum|zeit)|(datum|zeit) gestartet|gestartet am|beginn",
    pt=r"(data|hora)( e hora)? (de|do) inicio",
)
_CHANGED = said(
    en=r"last (modified|update(d)?|action)( ?(date|time))?|date last action|modified( at| on)?|updated( at| on)?",
    es=r"(fecha|hora)( y hora)? de (la )?ultima (modificacion|accion|actualizacion)",
    fr=r"(date|heure)( et heure)? de (la )?derniere (modification|action|mise a jour)",
    de=r"(datum|zeit(punkt)?|uhrzeit)( der)? letzten? (aktivitat|anderung|aktion)|zuletzt (geandert|aktualisiert)( am)?",
    pt=r"(data|hora)( e hora)? da ultima (modificacao|acao|atualizacao|alteracao)",
)
_STAMPED = said(
    en=r"time ?stamp( .*)?", es=r"marca (temporal|de tiempo)", fr=r"horodat(eur|age)", de=r"zeitstempel",
    pt=r"carimbo (de|da) data( e)? hora|data hora",
)  # fmt: skip
_STAMPED_BY_GOOGLE = said(  # in languages of which nothing else is known here
    it=r"informazioni cronologiche", nl=r"tijdstempel", pl=r"sygnatura czasowa", tr=fold("Zaman damgası"), ru=r"отметка времени",
    ja=fold("タイムスタンプ"), ko=fold("타임스탬프"), zh=r"时间戳记|時間戳記", ar=fold("طابع زمني"), vi=r"dau thoi gian", sv=r"tidstampel",
)  # fmt: skip
_LAST_PAGE = said(
    any=r"lastpage", en=r"last page", es=r"ultima pagina", fr=r"derniere page", de=r"letzte seite", pt=r"ultima pagina",
)  # fmt: skip
_LANGUAGE = said(
    any=r"startlanguage", en=r"start language|(user )?language", es=r"(lenguaje|idioma)( (inicial|de inicio|del usuario))?",
    fr=r"langue( (de depart|initiale|de debut|de l utilisateur))?", de=r"start ?sprache|(benutzer)?sprache|ausgangssprache",
    pt=r"(idioma|lingua|linguagem)( (inicial|de inicio|do usuario))?",
)  # fmt: skip


def _both(*spoken: Spoken) -> Spoken:
    """Patterns of several, by language."""
    languages = dict.fromkeys(language for one in spoken for language in one)
    return {name: "|".join(one[name] for one in spoken if name in one) for name in languages}


def _spoken(words: Spoken) -> str:
    return "|".join(words.values())


# --- the tools -------------------------------------------------------------------------------------------

TOOLS = (
    Tool(
        name="Qualtrics",
        known_by=(
            (
                rf"{_spoken(_RESPONSE_ID)}|recordid",
                r"start ?date|end ?date|recorded ?date|finished|progress|duration.*|distribution ?channel",
            ),
        ),
        ids=(
            Ids("record", _both(_RESPONSE_ID, said(any=r"recordid"))),
            Ids("person", said(en=r"external ?(data)? ?reference|panelist ?id|contact ?id")),
            Ids("address", said(en=r"recipient ?email")),
        ),
        times=(said(en=r"recorded ?date"), _ENDED),
        system=_both(
            _STARTED, _ENDED, _IP, _LANGUAGE,
            said(
                en=r"response type|status|progress|finished|duration.*|recipient.*|location.*|distribution ?channel"
                r"|user ?language|q (recaptcha|relevantid|duplicate|ballot|terminate).*|fraud.*",
                es=r"tipo de respuesta|estado|progreso|finalizado|duracion.*|canal de distribucion|(apellido|nombre) del destinatario",
                fr=r"type de reponse|statut|progression|termine|duree.*|canal de distribution|(nom|prenom) du destinataire",
                de=r"antworttyp|status|fortschritt|beendet|dauer.*|verteilungskanal|(nach|vor)name des empfangers",
                pt=r"tipo de resposta|status|progresso|concluido|duracao.*|canal de distribuicao",
            ),
        ),
        wrappers=(Wrapper.DASH,),
        marks=(
            Mark(
                said(en=r"status|response type", es=r"tipo de respuesta|estado", fr=r"type de reponse|statut", de=r"antworttyp",
                     pt=r"tipo de resposta"),
                # as words, or as numbers: a preview, a test and a preview on paper; what was taken for spam
                {"test": _both(_TESTS, said(any=r"1|2|17")), "partial": _PARTIALS,
                 "unusable": _both(_UNUSABLE, said(any=r"8|9|12|40"))},
                fine=_both(_FINE, said(any=r"0|4|16|32|48")),
            ),
            Mark(said(en=r"distribution ?channel"), {"test": _TESTS}),
            Mark(
                said(en=r"finished", es=r"finalizado|terminado", fr=r"termine|fini", de=r"beendet|abgeschlossen", pt=r"concluido|finalizado"),
                {"partial": _both(_NO, _PARTIALS)},
                fine=_both(_YES, _FINE),
            ),
            Mark(
                said(en=r"progress", es=r"progreso", fr=r"progression|progres", de=r"fortschritt", pt=r"progresso"),
                {"partial": said(any=r"0*\d{1,2}")},
                fine=said(any=r"100|"),
                unless=said(en=r"finished", es=r"finalizado|terminado", fr=r"termine|fini", de=r"beendet", pt=r"concluido|finalizado"),
            ),
        ),
        names_a_column=r'\s*\{\s*"ImportId"\s*:\s*"([^"]*)"',
    ),
    Tool(
        name="LimeSurvey",
        known_by=(
            (_spoken(_SUBMITTED), rf"{_spoken(_LAST_PAGE)}|startlanguage|start language|(lenguaje|idioma) (inicial|de inicio)"
             r"|langue (de depart|initiale|de debut)|start ?sprache|(idioma|lingua|linguagem) (inicial|de inicio)"),
            (r"submitdate .*",),  # code and text in one heading
        ),
        ids=(
            Ids("count", _both(said(any=r"id( id)?|id response id|id antwort id"), _RESPONSE_ID)),
            Ids("person", said(any=r"token( .*)?", en=r"access code", es=r"contrasena|codigo de acceso", fr=r"code d acces|invitation",
                               de=r"zugangs(schlussel|code)|teilnahmeschlussel", pt=r"codigo de acesso|senha")),
            Ids("address", _EMAIL),
        ),
        times=(_both(_SUBMITTED, said(any=r"submitdate .*")), said(any=r"datestamp"), _CHANGED),
        system=_both(
            _LAST_PAGE, _LANGUAGE, _STARTED, _CHANGED, _IP, _NAMES,
            said(
                any=r"(submitdate|lastpage|startlanguage|seed|startdate|datestamp|ipaddr|refurl)( .*)?",
                en=r"referrer( url)?|seed", es=r"url de referencia|semilla", fr=r"url (de reference|referente)|graine|tete de serie|germe",
                de=r"weiterleitungs ?url|referrer ?url|zufallsstartwert", pt=r"url (de )?referencia|semente",
            ),
        ),
        wrappers=(Wrapper.BRACKETS, Wrapper.CODE),
        marks=(
            Mark(_SUBMITTED, blank="partial"),
            Mark(said(any=r"submitdate .*"), blank="partial", unless=_SUBMITTED),
        ),
    ),
    Tool(
        name="REDCap",
        known_by=(
            (r"record id|(redcap )?survey identifier|redcap (event name|repeat (instrument|instance)|data access group)",),
            (r"event name|repeat instrument|repeat instance|data access group", r"complete|(.* )?survey timestamp"),
        ),
        ids=(
            Ids("count", said(any=r"record id", es=r"id (del )?registro", fr=r"id (de l )?enregistrement", de=r"datensatz ?id",
                              pt=r"id do registro")),
            Ids("address", said(any=r"redcap survey identifier", en=r"survey identifier")),
        ),
        first_names=True,
        times=(said(en=r"(.* )?timestamp"),),
        system=said(
            any=r"redcap.*", en=r"(.* )?timestamp|(.* )?complete|event name|repeat instrument|repeat instance|data access group",
            es=r"(.* )?(completo|completado)|nombre del evento", fr=r"complet|(.* )?complete|nom de l evenement",
            de=r"(.* )?vollstandig|ereignisname", pt=r"(.* )?completo|nome do evento",
        ),
        as_written=r".*___\d+",  # a box of a question where several could be ticked
        wrappers=(),
        # a time before the fields of each form, and "complete" after them; only those of our questions count
        marks=(
            Mark(
                said(en=r".*timestamp"),
                {"partial": said(en=r"not completed", es=r"no completad[oa]", fr=r"non complete(e)?", de=r"nicht abgeschlossen",
                                 pt=r"nao (completad|concluid)[oa]")},
                nearest="before",
            ),
            Mark(
                said(en=r"(.* )?complete", es=r"(.* )?(completo|completado)", fr=r"complet|(.* )?complete", de=r"(.* )?vollstandig",
                     pt=r"(.* )?completo"),
                {"partial": _both(said(any=r"0"), _PARTIALS)},
                fine=_both(said(any=r"1|2"), _FINE),
                nearest="after",
            ),
        ),
    ),
    Tool(
        name="KoboToolbox",
        known_by=((r"uuid|(submission )?submission time|submission uuid|validation status",),),
        # where a file holds the rows of a group that could be filled in several times, they carry their submission's ids
        ids=(Ids("record", said(any=r"uuid|id|submission (uu)?id|meta instanceid")),),
        times=(said(any=r"(submission )?submission time"), said(any=r"end"), said(any=r"today")),
        system=said(
            any=r"start|end|today|deviceid|username|subscriberid|simserial|phonenumber|audit|location.*|index|meta.*"
            r"|formhub uuid|validation status|status|submitted by|tags|notes|version"
        ),
        as_written=r"_.*",
        wrappers=(Wrapper.GROUP,),
        marks=(
            Mark(
                said(any=r"(submission )?validation status", es=r"estado de (la )?validacion", fr=r"statut de (la )?validation",
                     de=r"validierungsstatus", pt=r"(estado|status) d[ea] validacao"),
                {"unusable": _both(_UNUSABLE, said(any=r"validation status (not approved|on hold)"))},
                fine=_both(_FINE, said(any=r"validation status approved")),
            ),
        ),
    ),
    Tool(
        name="SurveyMonkey",
        known_by=((r"respondent id|id\.? (de|del) encuestado|id (de|du) repondant|(befragten|teilnehmer) ?id|id do respondente"
                   r"|id (do|de) entrevistado",),),
        ids=(
            Ids("record", said(en=r"respondent id", es=r"id (de|del) encuestado", fr=r"id (de|du) repondant",
                               de=r"(befragten|teilnehmer) ?id", pt=r"id do respondente|id (do|de) entrevistado")),
            Ids("address", _EMAIL),
        ),
        times=(_ENDED, _CHANGED, _STARTED),
        system=_both(
            _STARTED, _ENDED, _CHANGED, _IP, _NAMES,
            said(
                en=r"collector id|custom data \d+|response status", es=r"id (de|del) recopilador|datos personalizados \d+",
                fr=r"id (de|du) collecteur|donnees personnalisees \d+", de=r"collector ?id|sammler ?id|benutzerdefinierte daten \d+",
                pt=r"id (de|do) coletor|dados personalizados \d+",
            ),
        ),
        wrappers=(Wrapper.DASH,),
        marks=(
            Mark(
                said(en=r"response status|completion status", es=r"estado de (la )?respuesta", fr=r"statut de (la )?reponse",
                     de=r"antwortstatus", pt=r"status da resposta"),
                _STATUS, fine=_FINE,
            ),
        ),
        second_row=said(
            en=r"response|open ended response", fr=r"reponse|reponse ouverte", es=r"respuesta|respuesta abierta",
            de=r"antwort|offene antwort|freitextantwort|response", pt=r"resposta|resposta aberta|resposta livre",
        ),
    ),
    Tool(
        name="Microsoft Forms",
        known_by=((r"id", r"start time|completion time|hora de (inicio|finalizacion|conclusao)|heure de (debut|fin)"
                   r"|startzeit|(fertigstellungs|abschluss)zeit"),),
        ids=(Ids("count", said(any=r"id")), Ids("address", _EMAIL)),
        times=(_ENDED, _CHANGED, _STARTED),
        system=_both(_STARTED, _ENDED, _CHANGED, _NAMES,
                     said(en=r"total points|quiz feedback", es=r"total de puntos", fr=r"total des points", de=r"gesamtpunktzahl",
                          pt=r"total de pontos")),
        wrappers=(),
        marks=(),
    ),
    Tool(
        name="Google Forms",
        known_by=((rf"timestamp|marca temporal|horodateur|zeitstempel|carimbo de data hora|{_spoken(_STAMPED_BY_GOOGLE)}",),),
        # a number of its own there is none; an e-mail address, where it is asked for, is the only one
        ids=(Ids("address", _both(_EMAIL, said(en=r"username", es=r"nombre de usuario", fr=r"nom d utilisateur",
                                              de=r"(nutzer|benutzer)name", pt=r"nome d[eo] (usuario|utilizador)"))),),
        times=(_both(_STAMPED, _STAMPED_BY_GOOGLE),),
        system=said(en=r"score", es=r"puntuacion", fr=r"note|score", de=r"punkte|punktzahl", pt=r"pontuacao"),
        wrappers=(Wrapper.BRACKETS,),
        marks=(),
    ),
    Tool(
        name="Typeform",
        known_by=((r"(submit|stage) date( utc)?",), (r"network id", r"start date( utc)?"), (r"response type", r"network id|ending")),
        # Network ID is that of a connection: everybody in one house has the same
        ids=(Ids("record", said(any=r"token|response id|landing id"), "#"),),
        times=(said(en=r"submit date( utc)?"), said(en=r"stage date( utc)?")),
        system=said(en=r"start date( utc)?|network id|tags|ending|score|response type|stage date( utc)?"),
        wrappers=(),
        marks=(
            Mark(said(en=r"response type"), _STATUS, fine=_FINE),
            Mark(said(en=r"submit date( utc)?"), blank="partial", unless=said(en=r"response type")),
        ),
    ),
    Tool(
        name="ODK",
        known_by=(
            (r"submissiondate", r"key|meta instanceid|instanceid|submitterid|reviewstate"),
            (r"key", r"parent key|meta instanceid|instanceid|review (status|quality)"),
            (r"system (submissiondate|reviewstate)",),  # as a spreadsheet fetches it
        ),
        ids=(Ids("record", said(any=r"parent key|key|(meta )?instanceid"), "__id"),),
        times=(said(any=r"(system )?submissiondate"), said(any=r"completiondate"), said(any=r"end(time)?")),
        system=said(
            any=r"system .*|submitterid|submittername|attachments(present|expected)|status|reviewstate|deviceid|edits|formversion"
            r"|(meta )?instancename|formdef version|starttime|endtime|start|end|today|duration|username|caseid|set of .*"
            r"|review (status|quality|comments|corrections)|subscriberid|simid|devicephonenum"
        ),
        wrappers=(Wrapper.GROUP,),
        marks=(
            Mark(said(any=r"(system )?reviewstate|review state|review status"), _STATUS, fine=_both(_FINE, said(any=r"none|null"))),
            Mark(said(any=r"review quality"), {"unusable": said(en=r"fake|poor|bad")}, fine=said(en=r"good|ok(ay)?|")),
            # of records that came in part, or that nobody could decipher
            Mark(said(any=r"status"), {**_STATUS, "unusable": _both(_UNUSABLE, said(en=r"missing ?encrypted ?form ?data|not ?decrypted"))},
                 fine=_FINE),
        ),
    ),
    Tool(
        name="Jotform",
        known_by=((r"submission date|submission ip|last update date",), (r"submission id", r"submission ip|approval status"),
                  (r"id (de|del) envio|id d[ea] (la )?soumission|(einreichungs|einsende|ubermittlungs) ?id",)),
        ids=(
            Ids("record", said(en=r"submission id", es=r"id (de|del) envio", fr=r"id d[ea] (la )?soumission",
                               de=r"(einreichungs|einsende|ubermittlungs) ?id", pt=r"id (de|do) envio|id da submissao")),
            Ids("count", said(en=r"unique id")),
        ),
        times=(_SUBMITTED, _CHANGED),
        system=_both(_IP, _CHANGED, said(en=r"submission url|edit link|flow status|approval status|score|products?")),
        wrappers=(),
        marks=(
            Mark(
                said(en=r"approval status|flow status|workflow status", es=r"estado de (la )?aprobacion", fr=r"statut d approbation",
                     de=r"genehmigungsstatus", pt=r"status d[ea] aprovacao"),
                _STATUS, fine=_FINE,
            ),
        ),
    ),
    Tool(
        name="Alchemer",
        known_by=((r"response ?id", r"time started|date submitted|sessionid|legacy comments"),),
        ids=(Ids("count", said(en=r"response id")), Ids("person", said(en=r"contact id")), Ids("address", said(en=r"invite email|e ?mail( address)?"))),
        times=(said(en=r"date submitted"), said(en=r"time started")),
        system=_both(_IP, said(
            en=r"time started|status|legacy comments|language|refere?r|session ?id|user agent|tags|longitude|latitude|country"
            r"|city|state region|postal|variable .*|link name|(is )?test( data| response)?"
        )),
        wrappers=(Wrapper.DASH,),
        marks=(
            Mark(said(en=r"status"), _STATUS, fine=_FINE),
            Mark(said(en=r"(is )?test( data| response)?"), {"test": _both(_YES, _TESTS)}, fine=_both(_NO, _FINE)),
        ),
    ),
)  # fmt: skip
"""Where a file may be two tools', what each of them knows counts."""

COMMON = Tool(
    name="",
    known_by=(),
    ids=(
        Ids(
            "record",
            said(
                any=r"uu?id|guid|globalid|(.* )?instance ?id|parent key|submission (uu)?id|response key",
                en=r"key|form ?response ?id",
            ),
            "#",
        ),
        Ids(
            "count",
            _both(
                _RESPONSE_ID,
                said(
                    any=r"id|ids|sid|objectid|case|serial|case ?(id|number|no)|r ?id|id (no|nr|number|num)|seq",
                    en=r"(record|respondent|submission|entry|response|interview|form|answer|contribution|questionnaire|unique|reference|ref)"
                    r" ?(id|number|no|nr|num|code|key|identifier|uuid|guid)|serial (number|no)|seq(uence)? (number|no)",
                    es=r"(id|numero|num|codigo|identificador|folio) (de|del) (la )?(respuesta|encuestado|envio|registro|entrada|encuesta"
                    r"|formulario)|(n|no) (de|del) (la )?(respuesta|registro|envio)|(respuesta|registro) (n|no|num|numero)|identificador|folio",
                    fr=r"(reponse|soumission) (n|no|numero)|(id|identifiant|numero|n|no|code) (de|du) (la |l )?(reponse|repondant|soumission|enregistrement|envoi)|identifiant",
                    de=r"(antwort|befragten|einsende|datensatz|fragebogen|eintrags) ?(id|nummer|nr)|laufende nummer|lfd nr|kennung",
                    pt=r"(id|numero|codigo|identificador) (da|de|do) (resposta|respondente|envio|registro|submissao|entrada)|identificador",
                ),
            ),
        ),
        Ids(
            "person",
            said(
                en=r"(panel(ist)?|contact|user|participant|person|staff|employee|client|study|subject|worker|member|volunteer"
                r"|patient|customer|invitation|invite|registration|vote|voter|badge) ?(id|number|no|code|identifier)|prolific ?(pid|id)|pid|token"
                r"|access code|external ?(data)? ?ref(erence)?|survey identifier",
                es=r"(id|numero|codigo) (de|del) (participante|usuario|empleado|cliente|persona|panel)"
                r"|codigo de acceso",
                fr=r"(id|identifiant|numero|code) (de|du) (la |l )?(participante?|utilisateur|employe|client|personne|panel)"
                r"|code d acces",
                de=r"(teilnehmer|benutzer|mitarbeiter|kunden|personen|personal|panel) ?(id|nummer|nr|code|kennung)"
                r"|zugangscode",
                pt=r"(id|numero|codigo) (do|da|de) (participante|usuario|utilizador|funcionario|cliente|pessoa|painel)"
                r"|codigo de acesso",
            ),
        ),
    ),
    times=(
        _SUBMITTED,
        _both(
            _STAMPED,
            said(
                en=r"entry ?date( ?submitted| gmt)?|entry datesubmitted|added time|creation ?date|date created|created( at| on)?"
            ),
        ),
        _ENDED,
        _CHANGED,
        _STARTED,
        said(
            en=r"date|time|date and time",
            es=r"fecha( y hora)?",
            fr=r"date( et heure)?",
            de=r"datum|zeit",
            pt=r"data|data e hora",
        ),
    ),
    # an address among them: where no tool asked for it, it is somebody's own list, and may be a household's or a site's
    system=_both(
        _IP,
        _NAMES,
        _EMAIL,
        _LANGUAGE,
        _LAST_PAGE,
        said(
            en=r"(.* )?id|.*identifier|.*e ?mail.*|.*\bname|phone.*|password|index|uuid|.*(latitude|longitude)"
            r"|(start|end|recorded|completion|submission|last modified|start ?date|date) ?(date|time)?( submitted)?"
            r"|enddate|recordeddate|ip ?addr|user ?agent|refere?r( url)?|browser|os|operating system|device( type)?|source url",
        ),
    ),
    wrappers=(),
    marks=(
        # a word there may be a person's own: which of them mark a row, the codebook has to say
        Mark(
            said(
                en=r"status|review( status| state)?|approval|validation|disposition|outcome|current status|quality|qc",
                es=r"estado|estatus|situacion|revision|aprobacion|validacion",
                fr=r"statut|etat|revision|approbation|validation",
                de=r"status|stand|prufung|genehmigung|freigabe",
                pt=r"status|situacao|estado|revisao|aprovacao|validacao",
            ),
            fine=_FINE,
        ),
        Mark(
            said(
                en=r"(response|submission|entry|approval|validation|record|survey|interview|form|case|quality|qc|data|workflow"
                r"|moderation|participation|final) ?status|(approval|validation|response|submission|entry|completion|current|review) ?(state|stage)"
                r"|(response|entry|submission) type",
                es=r"(estado|estatus|situacion) d(e|el) (la )?(respuesta|envio|encuesta|registro|revision|aprobacion|validacion)|tipo de respuesta",
                fr=r"(statut|etat) (de|du|d) (la |l )?(reponse|soumission|enquete|sondage|revision|approbation|validation)|type de reponse",
                de=r"(antwort|bearbeitungs|prufungs?|genehmigungs|validierungs|umfrage|interview|freigabe)status|antworttyp",
                pt=r"(status|situacao|estado) d[aeo] (resposta|envio|pesquisa|registro|revisao|aprovacao|validacao)|tipo de resposta",
            ),
            _STATUS,
            fine=_FINE,
        ),
        Mark(
            said(
                en=r"(is |survey |form |response )?(finished|completed?|submitted)|completion status",
                es=r"(encuesta )?(finalizad[oa]|completad[oa]|complet[oa]|terminad[oa])",
                fr=r"(enquete )?(terminee?|completee?|complet|fini|achevee?)",
                de=r"(umfrage )?(beendet|abgeschlossen|fertig|vollstandig)",
                pt=r"(pesquisa )?(concluid[oa]|completad[oa]|complet[oa]|finalizad[oa]|terminad[oa])",
            ),
            {**_STATUS, "partial": _both(_NO, _PARTIALS)},
            fine=_both(_YES, _FINE, said(any=r".*\d{2}.*")),  # or the day on which it was
        ),
        Mark(
            said(
                en=r"(is |survey )?(test|preview|pilot)( data| response| entry| mode)?",
                es=r"(es )?(de )?prueba",
                fr=r"test|essai|apercu",
                de=r"test(daten|antwort)?|vorschau",
                pt=r"(e )?teste",
            ),
            {"test": _both(_YES, _TESTS), "unusable": _UNUSABLE},
            fine=_both(_NO, _FINE, said(en=r"live|real|production|interview")),
        ),
        Mark(
            said(
                en=r"(is |marked as |possible )?(spam|deleted|rejected|invalid|excluded|exclude|duplicate|disqualified|fraud|flagged|trash)",
                es=r"spam|eliminad[oa]|rechazad[oa]|invalid[oa]|excluid[oa]|duplicad[oa]|descalificad[oa]",
                fr=r"spam|supprimee?|rejetee?|invalide|exclue?|doublon|disqualifiee?",
                de=r"spam|geloscht|abgelehnt|ungultig|ausgeschlossen|duplikat|disqualifiziert",
                pt=r"spam|excluid[oa]|rejeitad[oa]|invalid[oa]|duplicad[oa]|desqualificad[oa]",
            ),
            {"unusable": _both(_YES, _UNUSABLE)},
            fine=_both(_NO, _FINE),
        ),
        Mark(
            said(
                en=r"include|keep|(is )?(approved|valid|accepted|usable)( response| submission| entry| record| row)?",
                es=r"aprobad[oa]|valid[oa]|aceptad[oa]",
                fr=r"approuvee?|valide|acceptee?",
                de=r"genehmigt|gultig|akzeptiert|freigegeben",
                pt=r"aprovad[oa]|valid[oa]|aceit[oae]",
            ),
            {**_STATUS, "unusable": _both(_NO, _UNUSABLE)},
            fine=_both(_YES, _FINE),
        ),
        Mark(
            said(
                en=r"progress|(percent )?complete(d)? ?(percent(age)?|rate)|percent complete(d)?|completion( rate| percent(age)?)?",
                es=r"progreso|(porcentaje )?completado",
                fr=r"progression|(pourcentage )?termine",
                de=r"fortschritt|(prozent )?abgeschlossen",
                pt=r"progresso|(porcentagem )?concluido",
            ),
            {**_STATUS, "partial": _both(_PARTIALS, said(any=r"0*\d{1,2}"))},
            fine=_both(_FINE, said(any=r"100")),
        ),
        Mark(
            said(
                any=r"submitdate",
                en=r"date submitted|submit date( utc)?|(submitted|completed|finished) (at|on|time)|(date|time) (completed|finished)"
                r"|(completion|submission) (date|time)",
            ),
            blank="partial",
        ),
        Mark(
            said(
                en=r"(is |in )?(draft|unfinished|incomplete|partial)( submission| response| entry)?",
                es=r"(es |en )?borrador",
                fr=r"(est |en )?brouillon",
                de=r"(ist |im )?entwurf",
                pt=r"(e |em )?rascunho",
            ),
            {**_STATUS, "partial": _both(_YES, _PARTIALS)},
            fine=_both(_NO, _FINE),
        ),
        Mark(
            said(
                en=r"(exclude|ignore|remove|delete|discard|skip|leave out|do not (use|count))( (this )?(row|response|entry|record))?",
                es=r"excluir|ignorar|eliminar|borrar|descartar|no contar",
                fr=r"exclure|ignorer|supprimer|ecarter|ne pas compter",
                de=r"ausschliessen|ignorieren|loschen|verwerfen|nicht (zahlen|verwenden)",
                pt=r"excluir|ignorar|remover|apagar|eliminar|descartar|nao contar",
            ),
            {"unusable": _both(_YES, _UNUSABLE)},
            fine=_both(_NO, _FINE),
        ),
        Mark(
            said(
                en=r"(include|keep|count|use)( (this )?(row|response|entry|record))",
                es=r"incluir|contar",
                fr=r"inclure|garder",
                de=r"einschliessen|behalten",
                pt=r"incluir|manter",
            ),
            {**_STATUS, "unusable": _both(_NO, _UNUSABLE)},
            fine=_both(_YES, _FINE),
        ),
    ),
)
"""What stands in files of no tool that is known, or beside its columns: what many have, and people in spreadsheets of their own."""

_NOBODY = said(
    any=r"|0|n a|na|none|null|nil",
    en=r"anonymous( user)?|unknown|guest|not (provided|available|given)",
    es=r"anonim[oa]s?|desconocid[oa]|ningun[oa]|no disponible",
    fr=r"anonymes?|inconnue?|aucune?|non disponible",
    de=r"anonym(e|er)?|unbekannt|keine?|nicht verfugbar",
    pt=r"anonim[oa]s?|desconhecid[oa]|nenhum[a]?|nao disponivel",
)
_SUMMARY = said(
    it=r"media|mediana|moda|totale|somma",
    nl=r"gemiddelde|totaal|mediaan",
    pl=rf"srednia|mediana|razem|suma|{fold('łącznie')}",
    tr=r"ortalama|toplam|medyan",
    ru=r"среднее( значение)?|итого|всего|медиана|мода",
    ja=rf"平均|{fold('平均値')}|合計|中央値|最頻値",
    ko="|".join(map(fold, ("평균", "합계", "중앙값", "최빈값"))),
    zh=r"平均(值|数|數)|合计|总计|總計|中位(数|數)|(众|眾)(数|數)",
    vi=r"trung (binh|vi)|tong( cong)?",
    sv=r"medelvarde|genomsnitt|summa|totalt",
    any=r"n ?\d*|\u00f8|\u03c3|\u03c3 ?\d*|\u0627\u0644\u0645\u062a\u0648\u0633\u0637|\u0645\u062a\u0648\u0633\u0637|\u0627\u0644\u0645\u062c\u0645\u0648\u0639|\u0627\u0644\u0627\u062c\u0645\u0627\u0644\u064a",
    en=r"((team|staff|group|our|overall) )?(average|result|score)s?|(modal|agreed|consensus|usual|typical) answer|consensus|goals?|targets?"
    r"|baseline( .{0,8})?|last (year|wave|time)|most people( said)?|(worked |sample )?example( (row|answer|response)s?)?( .{0,24})?|(overall |grand |group )?(average|avg|mean|median|mode|totals?|sum|subtotal|count|tally)( .{0,24})?"
    r"|most (common|frequent|popular|chosen|often|selected|given)( .{0,24})?|(std|standard) ?(dev|deviation)|st dev|stdev|variance"
    r"|minimum|maximum|number of (responses|answers|respondents|people)|overall( .{0,16})?|everyone|everybody"
    r"|all( (staff|people|respondents|responses|together))?|summary|percent(age)?s?( .{0,16})?|typical( .{0,16})?"
    r"|(usual|top) answer|majority|benchmark",
    es=r"(promedio|media|mediana|moda|total(es)?|suma|recuento|subtotal)( .{0,24})?"
    r"|(respuesta )?((el|la|lo) )?mas (comun|frecuente|elegid[oa]|habitual)( .{0,24})?|desviacion( estandar| tipica)?|varianza"
    r"|minimo|maximo|numero de respuestas|tod[oa]s|resumen|porcentajes?|mayoria|resultados?|ejemplos?|metas?",
    fr=r"(moyenne?|mediane|mode|total|totaux|somme|nombre|effectif|sous total)( .{0,24})?"
    r"|(reponse )?(l[ae] )?plus (courante?|frequente?|choisie?)( .{0,24})?|ecart type|variance|minimum|maximum|tous|toutes|ensemble"
    r"|resume|pourcentages?|majorite|resultats?|exemples?|objectifs?",
    de=r"(mittelwert|durchschnitt|mittel|median|modus|modalwert|summe|gesamt|insgesamt|anzahl|zwischensumme)( .{0,24})?"
    r"|(gesamt)?ergebnis(se)?|beispiele?|ziele?|(am )?haufigste[nrs]?( .{0,24})?|standardabweichung|varianz|minimum|maximum|alle|zusammenfassung|prozent|mehrheit",
    pt=r"(media|mediana|moda|total|totais|soma|contagem|subtotal)( .{0,24})?"
    r"|(resposta )?((o|a) )?mais (comum|frequente|escolhid[oa])( .{0,24})?|desvio( padrao)?|variancia|minimo|maximo"
    r"|numero de respostas|todos|todas|resumo|porcentage(m|ns)|percentage(m|ns)|maioria|resultados?|exemplos?|metas?",
)


# --- which tool a file is of, and which rows it marks ------------------------------------------------


def known(headings: Iterable[str]) -> Iterator[Tool]:
    """The tools that a file may be of, by its headings; most exports are known as one tool's, or as none's."""
    folded = frozenset(map(fold, headings))
    for tool in TOOLS:
        if any(all(any(map(_whole(one), folded)) for one in patterns) for patterns in tool.known_by):
            yield tool


def marks(
    headings: Headings, taken: set[int], leave_out: Mapping[int, Iterable[str]] | None = None
) -> dict[int, Reader]:
    """The columns that say which rows are none of the answers, and how each is read.

    ``taken``: the columns of our questions, which mark nothing. ``leave_out``: for a column the words that mark a row
    there by the codebook's word; no word of such a column is UNKNOWN.
    """
    own = _own(headings, taken)
    columns = {number: cells for number, cells in enumerate(headings) if number not in taken}
    free = {n: cells for n, cells in columns.items() if not any(_claims(tool, cells) for tool in own)}
    found: dict[int, list[Mark]] = {}
    for some, among in [*((tool.marks, columns) for tool in own), (COMMON.marks, free)]:
        for mark in some:
            if mark.unless and any(_fitting(columns, mark.unless)):
                continue
            numbers = list(_fitting(among, mark.heading))
            for number in _nearest(numbers, taken, mark.nearest) if mark.nearest else numbers:
                found.setdefault(number, []).append(mark)
    told = {} if leave_out is None else leave_out
    return {number: _reader(found.get(number, ()), told.get(number)) for number in sorted({*found, *told})}


def _reader(some: Sequence[Mark], told: Iterable[str] | None) -> Reader:
    """How a column with these marks is read; each spelling is looked up once."""
    own = None if told is None else frozenset(map(fold, told))
    kinds = [(kind, _whole(_spoken(words))) for mark in some for kind, words in mark.says.items()]
    fine = [_whole(_spoken(mark.fine)) for mark in some if mark.fine is not None]
    blank = next((mark.blank for mark in some if mark.blank), "")
    if not kinds and not fine and not own:
        # "N", NULL and 0000-00-00 are what a database says in place of a day
        return lambda cell: "" if not blank or re.search(r"[1-9\u0661-\u0669\u06f1-\u06f9]", cell) else blank

    @cache
    def read(cell: str) -> str:
        text = fold(tidy(cell))
        if own and text in own:
            return "unusable"
        if not cell.strip():
            return blank
        kind = next((kind for kind, marked in kinds if marked(text)), None)
        if kind or own is not None or not fine:
            return kind or ""
        return "" if any(one(text) for one in fine) else UNKNOWN

    return read


def _fitting(columns: Mapping[int, Record], heading: Spoken) -> Iterator[int]:
    return (number for number, cells in columns.items() if _fits(heading, cells))


def _nearest(numbers: Sequence[int], taken: set[int], side: Literal["before", "after"]) -> list[int]:
    if side == "before":
        ends = {max((one for one in numbers if one < place), default=None) for place in taken}
    else:
        ends = {min((one for one in numbers if one > place), default=None) for place in taken}
    return sorted(one for one in ends if one is not None)


# --- who is who ------------------------------------------------------------------------------------------


def identities(headings: Headings, taken: set[int]) -> dict[int, Names]:
    """The columns that name the record or the respondent of each row, the one that tells records apart best first.

    A heading that means such a column to one tool, and something else to the one that the file is of, is none; nor is
    an e-mail address that no tool asked for.
    ``taken``: the columns of our questions, which name nobody.
    """
    own = _own(headings, taken)
    found: dict[int, Names] = {}
    for number, cells in enumerate(headings):
        if number in taken or not cells:
            continue
        kinds = _names(own, cells)
        if not kinds and not any(_claims(tool, cells) for tool in own):
            first = number == 0 and any(tool.first_names for tool in own)
            kinds = (
                _names((COMMON,), cells)
                or _names(TOOLS, cells) - {_NAMING[-1]}
                or ({_NAMING[1]} if first else set[Names]())
            )
        if kinds:
            found[number] = max(
                kinds, key=_NAMING.index
            )  # where it may be two things, the more careful reading
    return dict(sorted(found.items(), key=lambda one: _NAMING.index(one[1])))


_NAMING: tuple[Names, ...] = ("record", "count", "person", "address")


def _names(tools: Iterable[Tool], cells: Record) -> set[Names]:
    return {one.names for tool in tools for one in tool.ids if one.fits(cells)}


def names_nobody(cell: str) -> bool:
    """Whether a cell of a column of ids names nobody: a word such as "anonymous", or a number that was cut short.

    A spreadsheet writes a long number as 1.18052E+11, and then everybody has the same.
    """
    return _whole(_spoken(_NOBODY))(fold(cell)) or bool(
        re.fullmatch(r"\s*\d([.,]\d+[eE]\+?|[eE]\+)\d+\s*", cell)
    )


def times(headings: Headings, taken: set[int]) -> list[int]:
    """The columns in which the file's tool says when a row was submitted, the best first."""
    found: list[int] = []
    for tool in (*_own(headings, taken), COMMON):
        for heading in tool.times:
            numbers = [n for n, cells in enumerate(headings) if n not in taken and _fits(heading, cells)]
            if tool.first_names:  # one before the fields of each form
                numbers = _nearest(numbers, taken, "before")[:1] or numbers
            found += [number for number in numbers if number not in found]
    return found


def is_time_of_nobody(cell: str) -> bool:
    """Whether a day is what stands in every row where the time of submission is not kept.

    LimeSurvey writes 1980-01-01 for everybody in an anonymous survey; databases and spreadsheets have days of their own for
    "none". All of them lie before the first survey on the web, and none between 1300 and 1500: such years are ours in the
    calendars of Iran and of Saudi Arabia.
    """
    found = re.match(r"\D*(\d{1,4})\D(\d{1,2})\D(\d{1,4})(?!\d)", cell)
    if not found:
        return False
    years = [int(one) for one in found.groups() if len(one) == 4]
    short = sorted(int(one) for one in found.groups()) in ([1, 1, 70], [1, 1, 80])
    return years[0] < 1990 and not 1300 < years[0] < 1500 if years else short


def is_summary_word(cell: str) -> bool:
    """Whether a cell says that its row is about all others: "Average", "Most common", "Total"."""
    return _whole(_spoken(_SUMMARY))(fold(cell))


def _own(headings: Headings, taken: set[int]) -> list[Tool]:
    return list(known(cell for number, cells in enumerate(headings) if number not in taken for cell in cells))


def _claims(tool: Tool, cells: Record) -> bool:
    """Whether a tool knows what such a column of its own files is."""
    spoken = (tool.system, *tool.times, *(mark.heading for mark in tool.marks))
    return (
        any(one.fits(cells) for one in tool.ids)
        or any(_fits(one, cells) for one in spoken)
        or _fits_as_written(tool.as_written, cells)
    )


def _fits(heading: Spoken, cells: Record) -> bool:
    if not heading:
        return False
    fits = _whole(_spoken(heading))
    return any(fits(fold(cell)) for cell in cells)


def _fits_as_written(pattern: str, cells: Record) -> bool:
    return bool(pattern) and any(re.fullmatch(pattern, cell, re.DOTALL) for cell in cells)


# --- headings ----------------------------------------------------------------------------------------


def is_heading_row(record: Record) -> bool:
    """Whether a tool marks this record as a further row of headings."""
    if any(heading_of(cell) is not None for cell in record):
        return True
    # the first cell of a second row is blank where answers have a respondent's number
    starts = bool(record) and (not fold(record[0]) or is_second_row_word(record[0]))
    return starts and any(map(is_second_row_word, record))


def heading_of(cell: str) -> str | None:
    """The name of a column in a tool's own notation for it, or None."""
    for tool in TOOLS:
        if tool.names_a_column and (told := re.match(tool.names_a_column, cell)):
            return told[1]
    return None


def is_second_row_word(cell: str) -> bool:
    """Whether a cell of a second row of headings is a tool's word, and no question."""
    return _whole("|".join(_spoken(tool.second_row) for tool in TOOLS if tool.second_row))(fold(cell))


def is_added_by_a_tool(heading: str) -> bool:
    """Whether some tool, or a person with a spreadsheet, adds such a column: it is no question."""
    return any(_claims(tool, (heading,)) for tool in (*TOOLS, COMMON))


def unwrapped(heading: str) -> set[str]:
    """The heading inside of "Group/Heading", "Question [Heading]", "Question - Heading" and "Q1. Heading"."""
    wrappers = {wrapper for tool in TOOLS for wrapper in tool.wrappers}
    found: set[str] = set()
    for sign in (sign for wrapper, signs in _SIGNS.items() if wrapper in wrappers for sign in signs):
        pieces = heading.split(sign)
        found |= {sign.join(pieces[number:]) for number in range(1, len(pieces))}
    code = re.match(r"\s*([\w\[\]]+)\.\s+(.+)", heading, re.DOTALL)
    if code and Wrapper.CODE in wrappers:
        found |= {code[1], code[2]}
    if Wrapper.BRACKETS in wrappers:
        for text in (heading, *found):
            if text.rstrip().endswith("]"):
                found |= {text.rstrip()[start.end() : -1] for start in re.finditer(r"\[", text)}
    return found


_OTHER = r"(?:other|others|otr[oa]s?|autres?|andere[rs]?|sonstiges?|outr[oa]s?)"
_BESIDE = {
    "any": rf"{_OTHER}|text",
    "en": r"comments?( (on|to|about|for)( .*)?)?|why( not)?|reasons?|notes?|feedback|remarks?|topics|sentiment( .*)?"
    r"|points|score|grade|(question )?tim(e|ing)|first click|last click|page submit|click count"
    r"|open ended response|explanation|.*(explain|specify|describe|elaborate).*",
    "es": r"comentarios?|por que( no)?|motivos?|razon(es)?|notas?|observaciones|puntos|puntuacion|tiempo|texto"
    r"|respuesta abierta|.*(explique|especifique|describa|aclare|especificar|explicar).*",
    "fr": r"commentaires?|pourquoi( pas)?|raisons?|notes?|remarques?|points|temps|texte|reponse ouverte"
    r"|.*(precise[rz]|explique[rz]|decrire|decrivez).*",
    "de": r"kommentare?|warum( nicht)?|grund|grunde|anmerkung(en)?|bemerkung(en)?|punkte|zeit|freitext"
    r"|offene antwort|.*(angeben|erlautern|erklaren|beschreiben|begrunden|spezifizieren).*",
    "pt": r"comentarios?|por que( nao)?|motivos?|razao|razoes|notas?|observac(ao|oes)|pontos|pontuacao|tempo|texto"
    r"|resposta aberta|.*(explique|especifique|descreva|justifique|especificar|explicar).*",
}
"""What stands beside a question in the heading of a box for words, or of a tool's own column, folded."""


def is_for_words(piece: str, first: bool = False) -> bool:
    """Whether such words beside a question say that the column is not the question. ``first``: they stand before it."""
    text = fold(piece)
    if len(text.split()) > 6 or (first and text in ("note", "notes", "grund", "texto", "texte", "text")):
        return False
    return _whole(_spoken(_BESIDE))(text)


def pieces(text: str) -> list[str]:
    """What stands around a question, at its signs."""
    return [piece for piece in re.split(r"[^\w\s'’]+|\n|_", text) if piece.strip()]


# --- patterns ----------------------------------------------------------------------------------------


@cache
def _whole(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None
