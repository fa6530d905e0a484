package period

import (
	"cmp"
	"fmt"
	"time"
)

// Date is a day of the calendar, in no particular zone. A Date that does not
// exist, such as 30 February, is carried over as time.Date does it.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// String returns the date as 2026-11-20.
func (d Date) String() string {
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// AddDays returns the date n days later on the calendar, earlier for a negative
// n. Whether the days in between exist in some zone does not matter.
func (d Date) AddDays(n int) Date {
	return dateIn(time.Date(d.Year, d.Month, d.Day+n, 0, 0, 0, 0, time.UTC))
}

// Compare returns -1, 0 or +1 as d is before, the same as, or after e.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// midnight returns the first instant of the date in UTC, where every day exists
// and has 24 hours: the ground for arithmetic with dates.
func (d Date) midnight() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// daysUntil returns how many days e is after d on the calendar.
func (d Date) daysUntil(e Date) int {
	return int(e.midnight().Sub(d.midnight()) / day)
}

// monday returns the Monday on or before d.
func (d Date) monday() Date {
	// time counts a week's days from Sunday, 0.
	sinceMonday := (int(d.midnight().Weekday()) + 6) % 7
	return d.AddDays(-sinceMonday)
}

// day is how long a day is in UTC, and more than any zone is away from UTC.
const day = 24 * time.Hour

// dateIn returns the date that a clock in t's own location shows.
func dateIn(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// parseDate reads a date as Date.String writes it; ok is false if the calendar
// has no such day.
func parseDate(s string) (d Date, ok bool) {
	t, err := time.Parse(time.DateOnly, s)
	return dateIn(t), err == nil
}

// StartOfDay returns the instant at which the day d begins in zone, in that
// location: the earliest instant at which a clock there shows d or a later
// date. A day lasts until the next one starts, so the days of a zone follow
// each other without a gap or an overlap. In particular:
//
//   - Where clocks go forward over midnight (America/Sao_Paulo until 2018) the
//     day starts at the change, at one o'clock or so.
//   - Where midnight comes twice (America/Havana in autumn) the day starts at
//     the first.
//   - Where clocks go back from midnight into the evening before (Asia/Beirut
//     in autumn) midnight is only reached the second time, and the day starts
//     then.
//   - Where clocks go back AFTER midnight into the evening before
//     (America/St_Johns until 2011, at 00:01; Antarctica/Casey in 2010, at two
//     o'clock by three hours) the date d shows for a while, then the date
//     before it for up to an hour, then d again. The day starts at the first
//     midnight, and the repeated hour is part of it. So a day that is over
//     stays over, and a report of it that was made in between stays right; the
//     price is that for this hour a clock shows the date before. [DateOf]
//     agrees.
//   - A day that a zone left out (Pacific/Apia, 2011-12-30) starts when the
//     next one does and has no length.
//
// StartOfDay never decreases as d increases. zone must be less than 24 hours
// from UTC, as all of the time zone database are.
func StartOfDay(d Date, zone *time.Location) time.Time {
	// time.Date does not say which instant it picks for a midnight that is
	// missing or comes twice, so go through the offsets that were in effect
	// around the day in their order, and take the first that reaches it.
	midnight := d.midnight()
	for t := midnight.Add(-day).In(zone); ; {
		_, offset := t.Zone()
		start := midnight.Add(-time.Duration(offset) * time.Second)
		if start.Before(t) {
			start = t // The change at t went over midnight.
		}
		until, forever := offsetUntil(t)
		if forever || start.Before(until) {
			return start.In(zone)
		}
		t = until
	}
}

// offsetUntil returns an instant after t until which, not included, the offset
// of t's location stays what it is at t. The offset need not change then.
func offsetUntil(t time.Time) (until time.Time, forever bool) {
	_, until = t.ZoneBounds()
	if until.IsZero() {
		return until, true
	}
	if !until.After(t) {
		// On the last UTC day of a leap year Go ends the zone at the start of
		// that day, which would send the caller round in circles
		// (https://go.dev/issue/81583). The offset stays for the rest of it.
		until = t.Truncate(day).Add(day).In(t.Location())
	}
	return until, false
}

// DateOf returns the day in zone that the instant t is part of: the latest that
// started at or before t. That is the date a clock there shows, except in an
// hour that StartOfDay describes, when clocks went back after midnight.
func DateOf(t time.Time, zone *time.Location) Date {
	d := dateIn(t.In(zone))
	for next := d.AddDays(1); !StartOfDay(next, zone).After(t); next = next.AddDays(1) {
		d = next
	}
	return d
}

// exists reports whether zone has the day d.
func exists(d Date, zone *time.Location) bool {
	return StartOfDay(d, zone).Before(StartOfDay(d.AddDays(1), zone))
}

// dayBefore returns the last day before d that exists in zone.
func dayBefore(d Date, zone *time.Location) Date {
	for {
		d = d.AddDays(-1)
		if exists(d, zone) {
			return d
		}
	}
}
