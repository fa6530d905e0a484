package sessions

import (
	"maps"
	"slices"

	"realtimekit-digest/internal/minutes"
)

// sizes are the pages of one pass by number: how many rows each has and
// between which minutes they lie.
type sizes map[int]size

type size struct {
	rows              int
	largest, least    minutes.Minutes
	ordered, anyKnown bool // the minutes never grow from row to row; there is a row with minutes
}

// add notes a page.
func (s sizes) add(number int, p *page) {
	v := size{rows: len(p.rows), ordered: true}
	for i := range p.rows {
		r := &p.rows[i]
		if r.problem != "" {
			continue
		}
		switch {
		case !v.anyKnown:
			v.largest = r.minutes
		case r.minutes.Cmp(v.least) > 0:
			v.ordered = false
		}
		v.least, v.anyKnown = r.minutes, true
	}
	s[number] = v
}

// shorter reports whether a page is shorter than those before it, of which
// there are at least two, all with as many rows.
func (s sizes) shorter(last int) bool {
	before := s[last-1].rows
	for n, v := range s {
		if n != last && v.rows != before {
			return false
		}
	}
	return len(s) > 2 && s[last].rows < before
}

// smallest follows the pages from the first without a gap and returns the
// least minutes of the first page and of the last one before the gap: nothing
// that comes after them in the list has more. It is not ok when the rows do
// not come in that order after all.
func (s sizes) smallest() (first, last minutes.Minutes, ok bool) {
	numbers := slices.Sorted(maps.Keys(s))
	for i, n := range numbers {
		v := s[n]
		if i > 0 && n != numbers[i-1]+1 {
			break
		}
		if !v.anyKnown {
			continue
		}
		if !v.ordered || ok && v.largest.Cmp(last) > 0 {
			return first, last, false
		}
		if !ok {
			first = v.least
		}
		last, ok = v.least, true
	}
	return first, last, ok
}

// bound is what the given number of sessions that were not seen used at most.
// The list is in the order of minutes, so what comes after the pages that were
// read has no more than their least row. Rows that repeat have taken the place
// of others with as many minutes, which is at most the least of the first page.
// There is no bound when the list changed while it was read: then nobody knows
// where in the order the missing ones are.
func (t *tally) bound(missing int) (minutes.Minutes, bool) {
	p := t.byMinutes
	first, last, ok := p.sizes.smallest()
	if missing == 0 || t.coverage.Announced < 0 || !ok || len(t.totals) > 1 || t.changed > 0 || t.headless || t.hidden || t.nameless > 0 {
		return minutes.Minutes{}, false
	}
	swapped := min(missing, p.rows-p.unique)
	return first.Times(swapped).Add(last.Times(missing - swapped)), true
}
