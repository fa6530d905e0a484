package sessions

import (
	"fmt"
	"hash/maphash"
	"maps"
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
	// problems counts the unreadable rows by what is wrong with them.
	problems map[string]int

	passes   int
	pass     passTally
	nameless int // rows without an id, the most of any one pass
	changed  int
	coverage Coverage
}

// passTally is what one pass over the pages has seen.
type passTally struct {
	rows, unique, nameless int
	totals                 map[int]bool // the totals that its pages announced
	finished               bool         // it came to the end of the list
}

// key recognises a session: two independent hashes of its id.
type key [2]uint64

// entry is what is kept of a session.
type entry struct {
	facts   uint64 // a hash of what the figures are made of
	pass    int    // the last pass that saw it
	problem string // why it cannot be trusted, empty when it can
}

func newTally(q Query, each func(Session)) *tally {
	return &tally{
		query: q, each: each,
		seeds:    [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
		seen:     map[key]entry{},
		problems: map[string]int{},
		coverage: Coverage{Announced: -1},
	}
}

// begin starts a pass over the pages.
func (t *tally) begin() {
	t.passes++
	t.pass = passTally{totals: map[int]bool{}}
}

// add counts one page and returns how many of its sessions this pass had not
// seen before.
func (t *tally) add(p page) (fresh int) {
	t.coverage.Rows += len(p.rows)
	t.pass.rows += len(p.rows)
	if p.total >= 0 {
		t.coverage.Announced = p.total
	}
	t.pass.totals[p.total] = true
	before := t.pass.unique
	for _, r := range p.rows {
		t.addRow(r)
	}
	fresh = t.pass.unique - before
	if fresh > 0 || t.coverage.Pages == 0 {
		t.coverage.Pages++
	}
	return fresh
}

func (t *tally) addRow(r row) {
	if r.session.ID == "" {
		// Without an id it cannot be recognised on another page or in another pass.
		t.pass.nameless++
		t.pass.unique++
		if t.pass.nameless > t.nameless {
			t.nameless++
			t.problems[r.problem]++
		}
		return
	}
	id := key{maphash.String(t.seeds[0], r.session.ID), maphash.String(t.seeds[1], r.session.ID)}
	now := entry{pass: t.passes, problem: r.problem}
	if r.problem == "" {
		now.facts = t.facts(r.session)
	}
	was, known := t.seen[id]
	if !known || was.pass != t.passes {
		t.pass.unique++
	}
	t.seen[id] = now
	switch {
	case !known && r.problem != "":
		t.problems[r.problem]++
	case !known:
		t.count(r.session)
	case was.problem != "" && r.problem == "":
		// What could not be read the first time could be now.
		t.problems[was.problem]--
		t.count(r.session)
	case was.problem == "" && was.facts != now.facts:
		// It was counted with other facts. Which are right, nobody can say.
		t.seen[id] = entry{was.facts, t.passes, ""}
		t.changed++
	case was.problem != "":
		t.seen[id] = entry{0, t.passes, was.problem}
	}
}

// facts is a hash of everything about a session that a figure is made of.
func (t *tally) facts(s Session) uint64 {
	return maphash.Comparable(t.seeds[0], struct {
		minutes, audio minutes.Minutes
		audioKnown     bool
		ended, started int64
		meeting, kind  string
		peak           int
	}{s.Minutes, s.AudioOnly, s.AudioKnown, s.Ended.UnixNano(), s.Started.UnixNano(), s.MeetingID, s.Type, s.Peak})
}

// count hands a session on when it ended in the window.
func (t *tally) count(s Session) {
	if s.Ended.Before(t.query.Start) || !s.Ended.Before(t.query.End) {
		return
	}
	t.coverage.Counted++
	t.each(s)
}

// unique is how many different sessions were seen, as far as can be told.
func (t *tally) unique() int { return len(t.seen) + t.nameless }

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
// did not change, and no other pass saw one more.
func (t *tally) addsUp() bool {
	return t.pass.finished && len(t.pass.totals) == 1 && t.pass.unique == t.expected() && t.unique() == t.expected()
}

// result is the coverage of everything that was added.
func (t *tally) result() Coverage {
	c := t.coverage
	c.Unique = t.unique()
	c.Changed = t.changed
	c.Expected = t.expected()
	for _, problem := range slices.Sorted(maps.Keys(t.problems)) {
		if n := t.problems[problem]; n > 0 {
			c.Unreadable += n
			c.Why = append(c.Why, fmt.Sprintf("%s could not be read: %s", plural(n, "session"), problem))
		}
	}
	if c.Changed > 0 {
		c.Why = append(c.Why, plural(c.Changed, "session")+" changed while being read")
	}
	if !t.addsUp() {
		c.Why = append(c.Why, t.gap(c))
	}
	c.Complete = len(c.Why) == 0
	return c
}

// gap says in what way the pages do not add up.
func (t *tally) gap(c Coverage) string {
	switch {
	case c.Announced < 0 && !t.pass.finished:
		return fmt.Sprintf("the list had no end after %s", plural(c.Pages, "page"))
	case c.Announced < 0:
		return fmt.Sprintf("RealtimeKit repeated rows from page to page and announces no total (%d rows, %d different)", t.pass.rows, t.pass.unique)
	case c.Announced == c.Unique:
		return fmt.Sprintf("the list changed while being read (%d announced, %d seen)", c.Announced, c.Unique)
	default:
		return fmt.Sprintf("RealtimeKit announced %s and listed %d", plural(c.Announced, "session"), c.Unique)
	}
}
