"""What is to be said of beats, reckoned day by day on a calendar; knows nothing of the domain."""

from dataclasses import dataclass, field
from datetime import date, timedelta

ONE = timedelta(days=1)


@dataclass
class Post:
    """One person's beat, as somebody keeps it with pencil and paper."""

    person: str
    rhythm: int
    last: date
    heard: set[date] = field(default_factory=set)
    free: list[set[date]] = field(default_factory=list)
    ran_out: date | None = None
    over: bool = False


@dataclass
class DayByDay:
    """`said` is (person, "silent", last heard, ran out) and (person, "heard", day, in time)."""

    holidays: set[date]
    end: date
    posts: dict[str, Post] = field(default_factory=dict)
    said: list[tuple[object, ...]] = field(default_factory=list)

    def begins(self, person: str, rhythm: int, today: date) -> None:
        post = self.posts.get(person)
        if post is None or post.over or post.rhythm != rhythm:
            self.posts[person] = Post(person, rhythm, today)

    def rests(self, person: str, first: date, last: date | None) -> None:
        if post := self._running(person):
            until = last or self.end
            days = {first + ONE * n for n in range((until - first).days + 1)}
            if days not in post.free:
                post.free.append(days)

    def resumes(self, person: str, today: date) -> None:
        if post := self._running(person):
            for days in post.free:
                if today in days:
                    days -= {day for day in days if day >= today}

    def hands_over(self, person: str, to: str, today: date) -> None:
        if (post := self._running(person)) and person != to:
            post.over = True
            self.begins(to, post.rhythm, today)

    def ends(self, person: str) -> None:
        if post := self._running(person):
            post.over = True

    def reports(self, person: str, filed: date) -> None:
        if post := self._running(person):
            post.heard.add(filed)

    def looks(self, today: date) -> None:
        for post in self.posts.values():
            if not post.over:
                self._looks_at(post, today)

    def _looks_at(self, post: Post, today: date) -> None:
        while True:
            if post.ran_out is not None:
                later = [day for day in post.heard if day > post.last]
                if not later:
                    return
                first = min(later)
                self.said.append((post.person, "heard", first, first <= post.ran_out))
                post.last, post.ran_out = first, None
            counted, day = 0, post.last
            while counted < post.rhythm:
                day += ONE
                if day >= today and day not in post.heard:
                    return
                if day in post.heard:
                    post.last, counted = day, 0
                elif day not in self.holidays and not any(day in days for days in post.free):
                    counted += 1
            self.said.append((post.person, "silent", post.last, day))
            post.ran_out = day

    def _running(self, person: str) -> Post | None:
        post = self.posts.get(person)
        return None if post is None or post.over else post
