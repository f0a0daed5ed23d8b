"""Counts what a Tribune site shows anew, from the events of PUBLIC alone, and prints what differs.

    python read.py nats://127.0.0.1:4222 recount.creds | python recount.py http://127.0.0.1:8000

SSL_CERT_FILE names what vouches for the site, if that is no authority that all machines know.
Needs Python 3.11 and nothing else. Each line that comes in is one event, in the order of the log:
{"type": "CheckOverdue", "time": its ce-time, "body": its body}. Ends with 1 if anything differs.
"""

import json
import sys
import time
from collections import Counter, defaultdict
from urllib.parse import urlencode
from urllib.request import urlopen

SAID = {"ReportFiled": "reports", "ReportConfirmed": "confirmed", "ReportRefuted": "refuted"}
SAID["CheckOpened"] = "checks"
FIGURES = *SAID.values(), "done_in_time", "overdue", "still_overdue", "qualifications", "members"
MARKS = {"claimed": "DoneClaimed", "disputed": "ClaimRefuted"}
LOOKED = {"ClaimUpheld": "upheld", "ClaimUnchecked": "unchecked"}
KEPT = "due in_time put_off late not_done taken_over_late done claimed disputed found_undone "
KEPT += "upheld unchecked"


class Thing:
    """A report or check, by what was said of it so far. Days are texts, as ISO has them."""

    def __init__(self, place, sector):
        self.place, self.sector, self.said, self.history, self.held = place, sector, set(), [], []
        self.owner = self.due = self.first = self.claim = self.halved = self.looked = None
        self.raised = self.cleared = self.paused = self.withdrawn = self.late = self.refuted = False

    def hear(self, kind, told, on):
        self.said.add(kind)
        self.history.append((kind, told, on))
        self.raised = self.raised or kind == "CheckOverdue"
        self.looked = LOOKED.get(kind, self.looked)
        if kind == "PublicWithdrawn" or self.withdrawn:
            self.withdrawn = True
        elif kind == "ReportReopened":
            self.said -= {"ReportConfirmed", "ReportRefuted"}
        elif kind == "CheckOpened":
            self.owner, self.due = told["owner"] or self.owner, told["due_on"]
        elif kind == "CheckWordsPassed":
            self.owner = told["owner"]
        elif kind == "CheckHandedOver":
            self.held = [*(self.held or [(told["owner"], "")]), (told["to"], told["on"])]
            self.owner = told["to"]
        elif kind == "OverdueWithdrawn":
            self.cleared, self.claim = True, (told["done_on"], False)
        elif kind == "DoneClaimed":
            self.claim = self.claim or (told["done_on"], told["late"])
        elif kind == "ClaimUpheld":
            self.refuted, self.claim = False, (told["done_on"], told["late"])
        elif kind == "ClaimRefuted":  # what was taken back because of it is raised again
            self.claim, self.looked, self.refuted = None, None, True
            self.raised, self.cleared = self.raised and not self.cleared, False
        elif kind == "CheckHalved":
            self.claim, self.looked, self.halved = None, None, told["on"]
        elif "due_on" in told:  # of its clock; a holiday puts nothing off
            self.due = told["due_on"]
            self.paused = kind == "CheckPaused" or (self.paused and kind != "CheckResumed")
            if told.get("why") != "charter" and told.get("old_due_on", self.due) < self.due:
                self.first = self.first or told["old_due_on"]

    def figures(self):
        yield from (SAID[kind] for kind in self.said & SAID.keys())
        if self.claim and not self.claim[1] and not self.late:
            yield "done_in_time"
        if self.raised and not self.cleared:
            is_over = self.halved or (self.claim and self.claim[1])
            yield from ["overdue"] if is_over else ["overdue", "still_overdue"]

    def kept(self, today):
        if not self.due or self.late or (self.halved and self.halved <= self.due):
            return None  # its rest stands for it, or what it is the rest of
        first = self.first or self.due
        if self.claim:
            return "late" if self.claim[1] else "put_off" if self.claim[0] > first else "in_time"
        is_over = self.due < today and not self.paused
        return "not_done" if is_over else "put_off" if first < today else "not_due"

    def kept_by(self, today):  # each who had it in time; who has it since then took it over
        found = self.kept(today)
        if not self.held or found in ("in_time", "not_due"):
            return [(self.owner, found)]
        until = (found == "put_off" and self.first) or self.due
        had = {owner for owner, since in self.held if since <= until}
        others = [(owner, found) for owner in had - {self.owner, None}]
        return [(self.owner, found if self.owner in had else "taken_over_late"), *others]

    def is_late(self, day, known):
        """At the end of a day, by what was public at the end of another one."""
        then = Thing(self.place, self.sector)
        for kind, told, on in (each for each in self.history if each[2] <= known):
            then.hear(kind, told, on)
        is_done = (then.claim and then.claim[0] <= day) or (then.halved and then.halved <= day)
        return then.raised and not then.cleared and then.due < day and not is_done


class Count:
    def __init__(self):
        self.things, self.qualified, self.today = {}, {}, ""

    def take(self, kind, when, body):
        if kind == "MemberQualified":
            self.qualified[body["member"], body["track"]] = body["place"]
        if kind in ("QualificationLapsed", "QualificationRevoked"):
            self.qualified.pop((body["member"], body["track"]), None)
        of = body.get("check") or body.get("report") or body.get("id")
        if of is None:  # of stories, societies, petitions, questions, bulletins: in no figure
            return
        thing = self.things.setdefault(of, Thing(body["place"], body["sector"]))
        thing.hear(kind, body, when[:10])
        if kind == "CheckHalved" and not thing.withdrawn:  # its rest is opened later
            rest = self.things.setdefault(body["rest"], Thing(body["place"], body["sector"]))
            rest.late |= thing.late or body["on"] > thing.due
            rest.first, rest.held = rest.first or thing.first, rest.held or [*thing.held]

    def shown(self):
        return [(name, each) for name, each in self.things.items() if not each.withdrawn]

    def figures(self):
        found, members = defaultdict(Counter), defaultdict(set)
        for _, thing in self.shown():
            for place in around(thing.place):
                found[place].update(thing.figures())
        for (member, _), its_place in self.qualified.items():
            for place in around(its_place):
                found[place]["qualifications"] += 1
                members[place].add(member)
                found[place]["members"] = len(members[place])
        return found

    def patterns(self, by):
        found = defaultdict(Counter)
        for _, each in self.shown():
            if outcome := each.kept(self.today):
                own = each.due[:7] if by == "month" else getattr(each, by)
                for of, how in each.kept_by(self.today) if by == "owner" else [(own, outcome)]:
                    done = bool(each.claim) and how != "taken_over_late"
                    found[of].update({"due": 1, how: 1, "done": done})
                found[own].update({name: kind in each.said for name, kind in MARKS.items()})
                found[own].update({"found_undone": each.refuted, each.looked: 1})
        return found


def around(place):
    above = {place[:end] for end, sign in enumerate(place) if sign == "."}
    return {None, "everywhere", place, *above}


def differences(count, site):
    """Lines, each of one figure that the site has otherwise, by its own today."""
    count.today = ask(site, "patterns")["today"]
    figures = count.figures()
    for place in {None, *figures, *[each["of"] for each in ask_all(site, "patterns", "rows")]}:
        theirs = ask(site, "figures", place=place)
        yield from apart(f"figures of {place or 'all places'}", FIGURES, figures[place], theirs)
    for by in ("owner", "place", "sector", "month"):
        theirs = {each["of"]: each for each in ask_all(site, "patterns", "rows", by=by)}
        for of in theirs.keys() | (ours := count.patterns(by)).keys():
            yield from apart(f"patterns of {by} {of}", KEPT.split(), ours[of], theirs.get(of, {}))
    things = [(name, thing) for name, thing in count.shown() if thing.due]
    days = {f"{thing.due[:7]}-01" for _, thing in things} | {count.today}
    for day, known in {(each, until) for each in days for until in (each, count.today)}:
        late = {name for name, thing in things if thing.is_late(day, known)}
        told = ask_all(site, "late", "checks", on=day, known=known, limit=1000)
        for name in late ^ {each["check"] for each in told}:
            yield f"check {name}: late on {day} as known on {known}: {name in late} by PUBLIC"


def apart(what, names, ours, theirs):
    for name in (each for each in names if theirs.get(each, 0) != ours[each]):
        yield f"{what}: {name}: {ours[name]} by PUBLIC, {theirs.get(name, 0)} by the site"


def ask_all(site, what, rows, **asked):
    after = ""
    while after is not None:
        told = ask(site, what, **asked, after=after)
        yield from told[rows]
        after = told["after"]


def ask(site, what, **asked):
    time.sleep(0.02)  # whoever asks for more than 100 in a second is told to wait
    given = urlencode({name: value for name, value in asked.items() if value})
    with urlopen(f"{site}/api/{what}?{given}", timeout=30) as answer:
        return json.load(answer)


if __name__ == "__main__":
    all_of_it = Count()
    for event in map(json.loads, sys.stdin):
        all_of_it.take(event["type"], event["time"], event["body"])
    different = list(differences(all_of_it, sys.argv[1].rstrip("/")))
    print(*different, f"{len(all_of_it.things)} things, {len(different)} differences", sep="\n")
    sys.exit(bool(different))
