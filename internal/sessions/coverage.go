package sessions

import (
	"errors"
	"fmt"
	"slices"
)

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
// did not change, none of them twice, and no other pass saw one more. Where
// the end is only likely, the list's other end has to be known. Without a
// total a row that vanishes while the list is read takes another one with it
// unseen, so only a second pass that saw the same can tell.
func (t *tally) addsUp() bool {
	if t.passes < 2 && (t.coverage.Announced < 0 && t.pass.rows > 0 || t.pass.weak) {
		return false
	}
	return !t.headless && !t.hidden && t.pass.finished && len(t.pass.totals) == 1 &&
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
	case t.headless:
		return "whether page 1 is the first could not be found out"
	case t.hidden && c.Unique <= c.Announced:
		return fmt.Sprintf("RealtimeKit announced %s, listed %d and has more", plural(c.Announced, "session"), c.Unique)
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
