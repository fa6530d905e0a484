package sessions

import (
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
	// hidden says that the list's other end has sessions that did not come.
	hidden bool
	// headless says that it could not be found out whether page 1 is the first.
	headless bool
	stopped  string // why the read stopped before the list's end, empty if it did not
	coverage Coverage
}

// passTally is what one pass over the pages has seen.
type passTally struct {
	rows, unique, nameless int
	totals                 map[int]bool // the totals that its pages announced
	finished               bool         // it came to the end of the list
	// weak says that the end is only likely: the page past it was refused, or
	// was one that had come before.
	weak  bool
	sizes sizes
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
	before := t.pass.unique - t.pass.nameless
	for i := range p.rows {
		t.addRow(p, &p.rows[i])
	}
	fresh = t.pass.unique - t.pass.nameless - before // rows without an id may be the same for ever
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
		if p.rows[i].id.from == p.rows[i].id.to {
			continue
		}
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
