package period_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"realtimekit-digest/internal/period"
)

func peculiarZones(t *testing.T) *rapid.Generator[*time.Location] {
	t.Helper()
	var zones []*time.Location
	for _, name := range peculiar {
		zones = append(zones, mustZone(t, name))
	}
	return rapid.SampledFrom(zones)
}

// drawMoment draws an instant: any, or one within hours of the start of a day,
// in the years in which clocks did most of what they do.
func drawMoment(rt *rapid.T, zone *time.Location) time.Time {
	nanos := rapid.SampledFrom([]time.Duration{0, 1, 500_000_000, 999_999_999}).Draw(rt, "nanos")
	if rapid.Bool().Draw(rt, "anywhere") {
		from := time.Date(2000, 1, 2, 0, 0, 0, 0, time.UTC).Unix()
		to := time.Date(2199, 12, 30, 0, 0, 0, 0, time.UTC).Unix()
		return time.Unix(rapid.Int64Range(from, to).Draw(rt, "seconds"), int64(nanos))
	}
	d := period.Date{Year: 2000, Month: time.January, Day: 2}.AddDays(rapid.IntRange(0, 14000).Draw(rt, "day"))
	seconds := rapid.IntRange(-3*3600, 3*3600).Draw(rt, "seconds")
	return period.StartOfDay(d, zone).Add(time.Duration(seconds)*time.Second + nanos)
}

var dateOfAnyYear = rapid.Custom(func(rt *rapid.T) period.Date {
	return period.Date{Year: 2000, Month: time.January, Day: 1}.AddDays(rapid.IntRange(0, 73048).Draw(rt, "day"))
})

// spelling generates what Parse accepts and String writes.
var spelling = rapid.OneOf(
	rapid.SampledFrom([]string{"today", "yesterday", "this-week", "last-week", "this-month", "last-month"}),
	rapid.Map(rapid.IntRange(1, 92), func(n int) string { return fmt.Sprintf("%dd", n) }),
	rapid.Map(dateOfAnyYear, period.Date.String),
	rapid.Custom(func(rt *rapid.T) string {
		first := dateOfAnyYear.Draw(rt, "first")
		last := first.AddDays(rapid.IntRange(1, 91).Draw(rt, "days"))
		if last.Year > 2199 {
			rt.Skip("the range leaves the years")
		}
		return first.String() + ".." + last.String()
	}),
)

// drawPeriod draws a period, in half of the cases days around now.
func drawPeriod(rt *rapid.T, now time.Time) period.Period {
	text := spelling.Draw(rt, "period")
	if rapid.Bool().Draw(rt, "around now") {
		first := shownDate(now).AddDays(rapid.IntRange(-10, 2).Draw(rt, "first"))
		text = first.String() + ".." + first.AddDays(rapid.IntRange(0, 20).Draw(rt, "days")).String()
	}
	p, err := period.Parse(text)
	if err != nil {
		rt.Skip(err) // Around now can be outside the years.
	}
	return p
}

func TestSpellingProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := spelling.Draw(rt, "period")
		p, err := period.Parse(s)
		if err != nil {
			rt.Fatal(err)
		}
		if got := p.String(); got != s {
			rt.Errorf("String of %q is %q", s, got)
		}
	})
}

// A window is not empty, is made of whole seconds and of the days it names, and
// never reaches past the moment it was worked out for.
func TestWindowProperty(t *testing.T) {
	t.Parallel()
	zones := peculiarZones(t)
	rapid.Check(t, func(rt *rapid.T) {
		zone := zones.Draw(rt, "zone")
		now := drawMoment(rt, zone)
		p := drawPeriod(rt, now)
		w, err := p.Window(now, zone)
		if err != nil {
			rt.Skip(err)
		}
		if !w.Start.Before(w.End) || w.End.After(now) {
			rt.Errorf("window is [%s, %s) at %s", utc(w.Start), utc(w.End), utc(now))
		}
		if w.Start.Nanosecond() != 0 || w.End.Nanosecond() != 0 {
			rt.Errorf("window is [%s, %s), want whole seconds", utc(w.Start), utc(w.End))
		}
		if want := period.StartOfDay(w.First, zone); !w.Start.Equal(want) {
			rt.Errorf("Start is %s, want that of %s, %s", utc(w.Start), w.First, utc(want))
		}
		dayEnd := period.StartOfDay(w.Last.AddDays(1), zone)
		if w.Open != dayEnd.After(now) {
			rt.Errorf("Open is %t at %s, but %s ends at %s", w.Open, utc(now), w.Last, utc(dayEnd))
		}
		if !w.Open && !w.End.Equal(dayEnd) {
			rt.Errorf("End is %s, want that of %s, %s", utc(w.End), w.Last, utc(dayEnd))
		}
		if current := period.DateOf(now, zone); w.Open && w.Last != current {
			rt.Errorf("Last is %s at %s, want that day, %s", w.Last, utc(now), current)
		}
		if w.Open && now.Sub(w.End) >= time.Second {
			rt.Errorf("End is %s, want %s to the second", utc(w.End), utc(now))
		}
		if !w.Contains(w.Start) || w.Contains(w.Start.Add(-1)) || !w.Contains(w.End.Add(-1)) || w.Contains(w.End) {
			rt.Errorf("Contains does not agree with [%s, %s)", utc(w.Start), utc(w.End))
		}
	})
}

// Nd has exactly N days, and each is the yesterday of the next.
func TestDaysProperty(t *testing.T) {
	t.Parallel()
	zones := peculiarZones(t)
	oneDay, err := period.Parse("yesterday")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		zone := zones.Draw(rt, "zone")
		now := drawMoment(rt, zone)
		n := rapid.IntRange(1, 92).Draw(rt, "n")
		days, err := period.Parse(fmt.Sprintf("%dd", n))
		if err != nil {
			rt.Fatal(err)
		}
		w, err := days.Window(now, zone)
		if err != nil {
			rt.Fatal(err)
		}
		end, last := w.End, w.Last
		at := now
		for range n {
			y, err := oneDay.Window(at, zone)
			if err != nil {
				rt.Skip(err) // The days began before the years that are accepted.
			}
			if !y.End.Equal(end) || y.Last != last || y.First != y.Last {
				rt.Fatalf("yesterday of %s is %s to %s, until %s; want %s, until %s", utc(at), y.First, y.Last, utc(y.End), last, utc(end))
			}
			// The day before is asked for in the last instant of yesterday.
			at = y.End.Add(-1)
			end, last = y.Start, period.DateOf(y.Start.Add(-1), zone)
		}
		if !w.Start.Equal(end) || w.First != period.DateOf(end, zone) {
			rt.Errorf("%d days start at %s with %s, but the %dth yesterday starts at %s", n, utc(w.Start), w.First, n, utc(end))
		}
	})
}

// Last week and this week lie end to end and start on Mondays, and so do the
// months on their firsts.
func TestWeeksAndMonthsProperty(t *testing.T) {
	t.Parallel()
	zones := peculiarZones(t)
	rapid.Check(t, func(rt *rapid.T) {
		zone := zones.Draw(rt, "zone")
		now := drawMoment(rt, zone)
		for _, unit := range []string{"week", "month"} {
			before, err := period.Parse("last-" + unit)
			if err != nil {
				rt.Fatal(err)
			}
			current, err := period.Parse("this-" + unit)
			if err != nil {
				rt.Fatal(err)
			}
			last, err := before.Window(now, zone)
			if err != nil {
				rt.Fatal(err)
			}
			this, err := current.Window(now, zone)
			if err != nil {
				rt.Skip(err)
			}
			if !last.End.Equal(this.Start) || last.Last.AddDays(1) != this.First {
				rt.Errorf("last %s ends with %s at %s, this one starts with %s at %s", unit, last.Last, utc(last.End), this.First, utc(this.Start))
			}
			for _, d := range []period.Date{last.First, this.First} {
				weekday := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday()
				if unit == "week" && weekday != time.Monday || unit == "month" && d.Day != 1 {
					rt.Errorf("a %s starts with %s, a %s", unit, d, weekday)
				}
			}
			if got := last.First.AddDays(7); unit == "week" && got != this.First {
				rt.Errorf("last week is not 7 days before %s, but from %s", this.First, last.First)
			}
		}
	})
}
