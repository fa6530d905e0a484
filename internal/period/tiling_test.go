package period_test

import (
	"testing"
	"time"

	"realtimekit-digest/internal/period"
)

// Every instant of these years is in exactly one day, in every zone there is,
// and in the day that a clock there shows.
func TestDaysTileTime(t *testing.T) {
	t.Parallel()
	first, last := mustDate(t, "2000-01-01"), mustDate(t, "2035-12-31")
	for name, zone := range everyZone(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkDays(t, zone, first, last)
		})
	}
}

// The rules that zones follow for ever have their own code in package time,
// with its own mistakes, at the end of leap years.
func TestDaysTileTheFarFuture(t *testing.T) {
	t.Parallel()
	for _, name := range peculiar {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone := mustZone(t, name)
			for year := 2036; year <= 2199; year++ {
				checkDays(t, zone, period.Date{Year: year, Month: time.December, Day: 29}, period.Date{Year: year + 1, Month: time.January, Day: 2})
			}
			checkDays(t, zone, mustDate(t, "2080-01-01"), mustDate(t, "2085-01-01"))
		})
	}
}

// checkDays checks the days from first to last, both included: each starts
// where the one before it ends, and a clock shows it from then until the next
// starts.
func checkDays(t *testing.T, zone *time.Location, first, last period.Date) {
	t.Helper()
	start := period.StartOfDay(first, zone)
	for d := first; d.Compare(last) <= 0; d = d.AddDays(1) {
		next := period.StartOfDay(d.AddDays(1), zone)
		switch {
		case next.Before(start):
			t.Fatalf("%s starts at %s, after the day that follows it, %s", d, utc(start), utc(next))
		case next.Equal(start):
			checkMissing(t, d, start)
		case isPlain(d, start, next):
			// A sample is enough, as StartOfDay was right on both sides.
			if d.Day%10 == 1 {
				checkDateOf(t, start.Add(12*time.Hour), d)
			}
		default:
			checkMinutes(t, d, start, next)
		}
		if t.Failed() {
			return
		}
		start = next
	}
}

// isPlain reports whether d is 24 hours from 00:00 to 24:00 with one offset, so
// that nothing else needs to be looked at. It goes by the offset every few
// hours: no zone has ever changed its clocks and changed them back within that.
func isPlain(d period.Date, start, next time.Time) bool {
	hour, minute, second := start.Clock()
	if next.Sub(start) != 24*time.Hour || shownDate(start) != d || hour != 0 || minute != 0 || second != 0 {
		return false
	}
	_, offset := start.Zone()
	for _, after := range []time.Duration{8 * time.Hour, 16 * time.Hour, 24*time.Hour - 1} {
		if _, other := start.Add(after).Zone(); other != offset {
			return false
		}
	}
	return true
}

// checkMissing checks that no clock ever shows d, which is to start and end at
// the instant at.
func checkMissing(t *testing.T, d period.Date, at time.Time) {
	t.Helper()
	before, after := shownDate(at.Add(-1)), shownDate(at)
	if before.Compare(d) >= 0 || after.Compare(d) <= 0 {
		t.Errorf("%s has no length, but clocks show %s before %s and %s from then on", d, before, utc(at), after)
	}
	checkDateOf(t, at, after)
}

// checkMinutes checks what clocks show in every minute of d. In these years
// they change on whole minutes only.
func checkMinutes(t *testing.T, d period.Date, start, next time.Time) {
	t.Helper()
	if shown := shownDate(start); shown != d {
		t.Errorf("%s starts at %s, when clocks show %s", d, utc(start), shown)
	}
	if shown := shownDate(start.Add(-1)); shown.Compare(d) >= 0 {
		t.Errorf("%s starts at %s, but clocks show %s before that", d, utc(start), shown)
	}
	if shown := shownDate(next); shown.Compare(d) <= 0 {
		t.Errorf("%s ends at %s, but clocks still show %s", d, utc(next), shown)
	}
	again := 0 // minutes of d that show the date before it
	for minute := range int(next.Sub(start) / time.Minute) {
		at := start.Add(time.Duration(minute) * time.Minute)
		shown := shownDate(at)
		switch shown {
		case d:
		case d.AddDays(-1):
			again++
		default:
			t.Errorf("%s is in %s, but clocks show %s", utc(at), d, shown)
		}
		if shown != d || minute%30 == 0 {
			checkDateOf(t, at, d)
		}
	}
	checkDateOf(t, next.Add(-1), d)

	// The one exception is where clocks go back after midnight into the evening
	// before. St John's did so for 59 minutes, Casey once for an hour.
	if again > 60 {
		t.Errorf("%s shows the date before it for %d minutes", d, again)
	}
}

func checkDateOf(t *testing.T, at time.Time, want period.Date) {
	t.Helper()
	if got := period.DateOf(at, at.Location()); got != want {
		t.Errorf("%s is in %s, want %s", utc(at), got, want)
	}
}
