package period

import (
	"errors"
	"fmt"
	"time"
)

// Window is a stretch of whole local calendar days, or of whole days and the
// part of the last one that is already over.
type Window struct {
	Start time.Time      // first instant, included, in Zone
	End   time.Time      // first instant after it, not included, in Zone; always after Start
	Zone  *time.Location // whose days they are
	First Date           // first day
	Last  Date           // last day, included; the same as First for one day

	// Open says that Last was not over at the moment the window was worked out
	// for. End is then that moment, and not the end of Last.
	Open bool
}

// Contains reports whether t is in [Start, End).
func (w Window) Contains(t time.Time) bool {
	return !t.Before(w.Start) && t.Before(w.End)
}

// Window works the period out for the moment now in zone.
//
// Relative periods count the days that zone has: where it left one out,
// yesterday is the day before that. A period that goes on after now ends at now
// with Open set and Last the day of now; End is then cut down to a whole
// second, because the sessions are asked for from an API that knows nothing
// finer, and so asking and counting agree about where the window ends. Start,
// and End otherwise, are whole seconds anyway.
//
// It is an error if now is outside the years 2000 to 2199 in zone, zone is nil,
// the period has not begun or began less than a second ago, or zone does not
// have a day that it names.
func (p Period) Window(now time.Time, zone *time.Location) (Window, error) {
	if zone == nil {
		return Window{}, errors.New("no time zone to work out a period in: use one such as Europe/Berlin")
	}
	if year := now.In(zone).Year(); year < minYear || year > maxYear {
		return Window{}, fmt.Errorf("moment %s is outside the years %d to %d: use one such as 2026-11-22T06:00:00Z",
			now.Format(time.RFC3339), minYear, maxYear)
	}
	current := DateOf(now, zone)
	first, last, err := p.span(current, zone)
	if err != nil {
		return Window{}, err
	}
	w := Window{
		Start: StartOfDay(first, zone),
		End:   StartOfDay(last.AddDays(1), zone),
		Zone:  zone,
		First: first,
		Last:  last,
	}
	if w.Start.After(now) {
		return Window{}, fmt.Errorf("period %q has not begun: it starts at %s and now is %s; use a day up to %s",
			p, w.Start.Format(time.RFC3339), now.In(zone).Format(time.RFC3339), current)
	}
	if w.End.After(now) {
		w.End = now.Truncate(time.Second).In(zone)
		w.Last = current
		w.Open = true
	}
	if !w.Start.Before(w.End) {
		return Window{}, fmt.Errorf("period %q has only just begun, at %s: ask again in a second, or use yesterday",
			p, w.Start.Format(time.RFC3339))
	}
	return w, nil
}

// span returns the first and the last day of the period, both included, when
// today is the day current. They may be later than current.
func (p Period) span(current Date, zone *time.Location) (first, last Date, err error) {
	switch p.kind {
	case today:
		return current, current, nil
	case yesterday:
		first = dayBefore(current, zone)
		return first, first, nil
	case lastDays:
		last = dayBefore(current, zone)
		first = last
		for range p.days - 1 {
			first = dayBefore(first, zone)
		}
		return first, last, nil
	case thisWeek:
		return current.monday(), current, nil
	case lastWeek:
		first = current.monday().AddDays(-7)
		return first, first.AddDays(6), nil
	case thisMonth:
		return Date{current.Year, current.Month, 1}, current, nil
	case lastMonth:
		last = Date{current.Year, current.Month, 1}.AddDays(-1)
		return Date{last.Year, last.Month, 1}, last, nil
	case named:
		for _, d := range []Date{p.first, p.last} {
			if !exists(d, zone) {
				return Date{}, Date{}, fmt.Errorf("period %q: %s has no %s, its calendar went from the day before to the day after; use a day such as %s",
					p, zone, d, d.AddDays(1))
			}
		}
		return p.first, p.last, nil
	default:
		return Date{}, Date{}, fmt.Errorf("no period: %s", accepted)
	}
}
