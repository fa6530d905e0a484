package sessions

import (
	"errors"
	"fmt"
	"hash/maphash"
	"slices"

	"realtimekit-digest/internal/minutes"
)

// tally counts every session once, over all pages and passes of one read, and
// works out the coverage. It keeps of a session only what recognises it.
type tally struct {
	query Query
	each  func(Session)
	seeds [2]maphash.Seed
	seen  map[key]entry
	texts texts
	// problems are the unreadable rows by what is wrong with them; entries
	// point to one by its place.
	problems []problem

	passes    int
	pass      passTally // the pass that goes on
	byMinutes passTally // the first one, in the order of minutes
	totals    map[int]bool
	nameless  int // rows without an id, the most of any one pass
	changed   int
	stopped   string // why the read stopped before the list's end, empty if it did not
	coverage  Coverage
}

// passTally is what one pass over the pages has seen.
type passTally struct {
	rows, unique, nameless int
	totals                 map[int]bool // the totals that its pages announced
	finished               bool         // it came to the end of the list
	sizes                  sizes
}

// key recognises a session: two independent hashes of its id.
type key [2]uint64

// entry is what is kept of a session.
type entry struct {
	facts   uint64 // a hash of what the figures are made of
	problem uint16 // its place in problems plus one, 0 when it can be trusted
	pass    uint8  // the last pass that saw it
}

// problem is a reason why rows cannot be trusted.
type problem struct {
	what string
	rows int
}

// maxForeseen bounds the sessions that an announced total makes room for at
// once; a total may be anything.
const maxForeseen = 300_000

func newTally(q Query, each func(Session)) *tally {
	return &tally{
		query: q, each: each,
		seeds:    [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
		seen:     map[key]entry{},
		texts:    texts{},
		totals:   map[int]bool{},
		coverage: Coverage{Announced: -1, Live: -1},
	}
}

// begin starts a pass over the pages.
func (t *tally) begin() {
	if t.passes++; t.passes == 2 {
		t.byMinutes = t.pass
	}
	t.pass = passTally{totals: map[int]bool{}, sizes: sizes{}}
}

// add counts one page and returns how many of its sessions this pass had not
// seen before.
func (t *tally) add(number int, p *page) (fresh int) {
	t.coverage.Rows += len(p.rows)
	t.pass.rows += len(p.rows)
	if p.total >= 0 {
		t.coverage.Announced = p.total
		if len(t.seen) == 0 {
			t.seen = make(map[key]entry, min(p.total, maxForeseen))
		}
	}
	t.pass.totals[p.total] = true
	t.totals[p.total] = true
	t.pass.sizes.add(number, p)
	before := t.pass.unique
	for i := range p.rows {
		t.addRow(p, &p.rows[i])
	}
	fresh = t.pass.unique - before
	if fresh > 0 || t.coverage.Pages == 0 {
		t.coverage.Pages++
	}
	return fresh
}

func (t *tally) addRow(p *page, r *row) {
	if r.id.from == r.id.to {
		// Without an id it cannot be recognised on another page or in another pass.
		t.pass.nameless++
		t.pass.unique++
		if t.pass.nameless > t.nameless {
			t.nameless++
			t.wrong(r.problem)
		}
		return
	}
	id := t.key(p.at(r.id))
	was, known := t.seen[id]
	if !known || was.pass != uint8(t.passes) {
		t.pass.unique++
	}
	now := was
	now.pass = uint8(t.passes)
	switch {
	case r.problem != "" && !known:
		now.problem = t.wrong(r.problem)
	case r.problem != "" && was.problem != 0:
		// It cannot be read, still.
	case r.problem != "":
		t.changed++ // It was counted, and now it cannot be read.
	case !known:
		now.facts = t.facts(p, r)
		t.count(p, r)
	case was.problem != 0:
		// What could not be read the first time can be now.
		t.problems[was.problem-1].rows--
		now.problem, now.facts = 0, t.facts(p, r)
		t.count(p, r)
	case was.facts != t.facts(p, r):
		t.changed++ // It was counted with other facts. Which are right, nobody can say.
	}
	t.seen[id] = now
}

// fresh is how many rows of a page this pass has not seen yet.
func (t *tally) fresh(p *page) (n int) {
	for i := range p.rows {
		if e, known := t.seen[t.key(p.at(p.rows[i].id))]; !known || e.pass != uint8(t.passes) {
			n++
		}
	}
	return n
}

func (t *tally) key(id []byte) key {
	return key{maphash.Bytes(t.seeds[0], id), maphash.Bytes(t.seeds[1], id)}
}

// maxProblems is how many kinds of problem are told apart.
const maxProblems = 100

// wrong counts a row with a problem and returns the problem's number.
func (t *tally) wrong(what string) uint16 {
	i := slices.IndexFunc(t.problems, func(p problem) bool { return p.what == what })
	if i < 0 && len(t.problems) == maxProblems {
		i = maxProblems - 1
	} else if i < 0 {
		i = len(t.problems)
		t.problems = append(t.problems, problem{what: what})
	}
	t.problems[i].rows++
	return uint16(i + 1)
}

// facts is a hash of everything about a session that a figure is made of.
func (t *tally) facts(p *page, r *row) uint64 {
	return maphash.Comparable(t.seeds[0], struct {
		minutes, audio minutes.Minutes
		audioKnown     bool
		ended, started int64
		meeting, kind  uint64
		peak           int
	}{
		r.minutes, r.audioOnly, r.audioKnown, r.ended.UnixNano(), r.started.UnixNano(),
		maphash.Bytes(t.seeds[0], p.at(r.meeting)), maphash.Bytes(t.seeds[0], p.at(r.kind)), r.peak,
	})
}

// count hands a session on when it ended in the window.
func (t *tally) count(p *page, r *row) {
	if r.ended.Before(t.query.Start) || !r.ended.Before(t.query.End) {
		return
	}
	t.coverage.Counted++
	t.each(Session{
		ID: string(p.at(r.id)), MeetingID: t.texts.of(p.at(r.meeting)), Title: string(p.at(r.title)), Type: t.texts.of(p.at(r.kind)),
		Minutes: r.minutes, AudioOnly: r.audioOnly, AudioKnown: r.audioKnown, Peak: r.peak, Started: r.started, Ended: r.ended,
	})
}

// texts keeps one copy of texts that come again and again: meetings' ids and
// types. It forgets them all when there are too many.
type texts map[string]string

const maxTexts = 20_000

func (t texts) of(b []byte) string {
	if s, ok := t[string(b)]; ok {
		return s
	}
	if len(t) == maxTexts {
		clear(t)
	}
	s := string(b)
	t[s] = s
	return s
}

// unique is how many different sessions were seen, as far as can be told.
func (t *tally) unique() int { return len(t.seen) + t.nameless }

// missing is how many announced sessions this pass has not seen yet, -1 where
// no total is announced.
func (t *tally) missing() int {
	if t.coverage.Announced < 0 {
		return -1
	}
	return max(0, t.coverage.Announced-t.pass.unique)
}

// ended reports whether the page that was read last was the end of the list:
// it is empty, or everything that was announced has come, once, and the page
// is shorter than those before it, which were all alike. An announced total
// alone may be that of a page, and a short page alone may be a server's way.
func (t *tally) ended(last int) bool {
	end, ok := t.pass.sizes[last]
	if !ok || end.rows == 0 {
		return ok
	}
	return len(t.pass.totals) == 1 && t.pass.unique == t.coverage.Announced && t.pass.rows == t.pass.unique &&
		t.pass.sizes.shorter(last)
}

// stop notes that the read stopped early.
func (t *tally) stop(err error) {
	cause := err.Error()
	var wrong *Error
	if errors.As(err, &wrong) {
		cause = wrong.cause
	}
	t.stopped = fmt.Sprintf("reading stopped after %s: %s", plural(t.coverage.Pages, "page"), cause)
}

// expected is how many different sessions there should be, -1 when nobody
// knows. Where no total is announced it is the number of rows: rows that
// repeat are the sign that others were skipped.
func (t *tally) expected() int {
	switch {
	case t.coverage.Announced >= 0:
		return t.coverage.Announced
	case t.pass.finished:
		return t.pass.rows
	}
	return -1
}

// addsUp reports whether what was seen is all there is: the last pass came to
// the end of the list and saw as many sessions as expected, by a total that
// did not change, none of them twice, and no other pass saw one more. Without a total a row that
// vanishes while the list is read takes another one with it unseen, so only a
// second pass that saw the same can tell.
func (t *tally) addsUp() bool {
	if t.coverage.Announced < 0 && t.passes < 2 && t.pass.rows > 0 {
		return false
	}
	return t.pass.finished && len(t.pass.totals) == 1 &&
		t.pass.rows == t.pass.unique && t.pass.unique == t.expected() && t.unique() == t.expected()
}

// unconfirmed reports whether everything that was announced has come and only
// the end of the list is not known. Another pass would not tell it either.
func (t *tally) unconfirmed() bool {
	return !t.pass.finished && t.missing() == 0 && t.pass.rows == t.pass.unique && len(t.pass.totals) == 1
}

// result is the coverage of everything that was added.
func (t *tally) result() Coverage {
	if t.passes == 1 {
		t.byMinutes = t.pass
	}
	c := t.coverage
	c.Unique = t.unique()
	c.Changed = t.changed
	c.Expected = t.expected()
	slices.SortFunc(t.problems, func(a, b problem) int { return b.rows - a.rows })
	for _, p := range t.problems {
		if p.rows > 0 {
			c.Unreadable += p.rows
			c.Why = append(c.Why, fmt.Sprintf("%s could not be read: %s", plural(p.rows, "session"), p.what))
		}
	}
	if c.Changed > 0 {
		c.Why = append(c.Why, plural(c.Changed, "session")+" changed while being read")
	}
	switch {
	case t.stopped != "":
		c.Why = append(c.Why, t.stopped)
		if _, least, ok := t.byMinutes.sizes.smallest(); c.Expected < 0 && ok {
			c.Why = append(c.Why, "nobody knows how many more there are, each with at most "+least.Fixed(2)+" participant-minutes")
		}
	case !t.addsUp():
		c.Why = append(c.Why, t.gap(c))
	}
	c.Complete = len(c.Why) == 0
	c.AtMost, c.Bounded = t.bound(c.Missing())
	return c
}

// gap says in what way the pages do not add up.
func (t *tally) gap(c Coverage) string {
	switch {
	case c.Announced < 0 && !t.pass.finished:
		return fmt.Sprintf("the list had no end after %s", plural(c.Pages, "page"))
	case c.Announced < 0:
		return fmt.Sprintf("RealtimeKit repeated rows from page to page and announces no total (%d rows, %d different)", t.pass.rows, c.Unique)
	case c.Announced == c.Unique && !t.pass.finished:
		return "the end of the list could not be confirmed"
	case c.Announced == c.Unique && len(t.pass.totals) == 1:
		return fmt.Sprintf("RealtimeKit repeated rows from page to page (%d rows, %d different)", t.pass.rows, t.pass.unique)
	case c.Announced == c.Unique:
		return fmt.Sprintf("the list changed while being read (%d announced, %d seen)", c.Announced, c.Unique)
	default:
		return fmt.Sprintf("RealtimeKit announced %s and listed %d", plural(c.Announced, "session"), c.Unique)
	}
}
