package period_test

import (
	"testing"
	"time"

	"realtimekit-digest/internal/period"
)

func TestWindow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, period, zone, now string
		start, end              string // worked out by hand
		first, last             string
		open                    bool
	}{
		// Sunday 22 November 2026, 07:00 in Berlin, +1.
		{"today", "today", "Europe/Berlin", "2026-11-22T06:00:00Z", "2026-11-21T23:00:00Z", "2026-11-22T06:00:00Z", "2026-11-22", "2026-11-22", true},
		{"yesterday", "yesterday", "Europe/Berlin", "2026-11-22T06:00:00Z", "2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z", "2026-11-21", "2026-11-21", false},
		{"one day", "1d", "Europe/Berlin", "2026-11-22T06:00:00Z", "2026-11-20T23:00:00Z", "2026-11-21T23:00:00Z", "2026-11-21", "2026-11-21", false},
		{"seven days", "7d", "Europe/Berlin", "2026-11-22T06:00:00Z", "2026-11-14T23:00:00Z", "2026-11-21T23:00:00Z", "2026-11-15", "2026-11-21", false},
		{"ninety-two days", "92d", "Europe/Berlin", "2026-11-22T06:00:00Z", "2026-08-21T22:00:00Z", "2026-11-21T23:00:00Z", "2026-08-22", "2026-11-21", false},
		{"this week on a Sunday", "this-week", "Europe/Berlin", "2026-11-22T06:00:00Z", "2026-11-15T23:00:00Z", "2026-11-22T06:00:00Z", "2026-11-16", "2026-11-22", true},
		{"last week on a Sunday", "last-week", "Europe/Berlin", "2026-11-22T06:00:00Z", "2026-11-08T23:00:00Z", "2026-11-15T23:00:00Z", "2026-11-09", "2026-11-15", false},
		{"this month", "this-month", "Europe/Berlin", "2026-11-22T06:00:00Z", "2026-10-31T23:00:00Z", "2026-11-22T06:00:00Z", "2026-11-01", "2026-11-22", true},
		{"last month", "last-month", "Europe/Berlin", "2026-11-22T06:00:00Z", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z", "2026-10-01", "2026-10-31", false},
		{"a day", "2026-11-20", "Europe/Berlin", "2026-11-22T06:00:00Z", "2026-11-19T23:00:00Z", "2026-11-20T23:00:00Z", "2026-11-20", "2026-11-20", false},
		{"a range", "2026-11-01..2026-11-15", "Europe/Berlin", "2026-11-22T06:00:00Z", "2026-10-31T23:00:00Z", "2026-11-15T23:00:00Z", "2026-11-01", "2026-11-15", false},
		{"a day that is today", "2026-11-22", "Europe/Berlin", "2026-11-22T06:00:00Z", "2026-11-21T23:00:00Z", "2026-11-22T06:00:00Z", "2026-11-22", "2026-11-22", true},
		{"a range that goes on", "2026-11-20..2026-11-30", "Europe/Berlin", "2026-11-22T06:00:00Z", "2026-11-19T23:00:00Z", "2026-11-22T06:00:00Z", "2026-11-20", "2026-11-22", true},
		{"a range up to today", "2026-11-20..2026-11-22", "Europe/Berlin", "2026-11-22T06:00:00Z", "2026-11-19T23:00:00Z", "2026-11-22T06:00:00Z", "2026-11-20", "2026-11-22", true},

		// The zone decides what day it is.
		{"today has begun in the east", "today", "Pacific/Kiritimati", "2026-11-22T11:00:00Z", "2026-11-22T10:00:00Z", "2026-11-22T11:00:00Z", "2026-11-23", "2026-11-23", true},
		{"today has not begun in the west", "today", "Etc/GMT+12", "2026-11-22T11:00:00Z", "2026-11-21T12:00:00Z", "2026-11-22T11:00:00Z", "2026-11-21", "2026-11-21", true},
		{"yesterday in Nepal", "yesterday", "Asia/Kathmandu", "2026-11-22T18:15:00Z", "2026-11-21T18:15:00Z", "2026-11-22T18:15:00Z", "2026-11-22", "2026-11-22", false},
		{"yesterday in Nepal, an instant earlier", "yesterday", "Asia/Kathmandu", "2026-11-22T18:14:59.999999999Z", "2026-11-20T18:15:00Z", "2026-11-21T18:15:00Z", "2026-11-21", "2026-11-21", false},

		// The edges of days.
		{"an instant before the end of a day", "2026-11-20", "UTC", "2026-11-20T23:59:59.999999999Z", "2026-11-20T00:00:00Z", "2026-11-20T23:59:59Z", "2026-11-20", "2026-11-20", true},
		{"the end of a day", "2026-11-20", "UTC", "2026-11-21T00:00:00Z", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", "2026-11-20", "2026-11-20", false},
		{"a second into a day", "today", "UTC", "2026-11-20T00:00:01.9Z", "2026-11-20T00:00:00Z", "2026-11-20T00:00:01Z", "2026-11-20", "2026-11-20", true},
		{"this week at a midnight within it", "this-week", "UTC", "2026-11-20T00:00:00.5Z", "2026-11-16T00:00:00Z", "2026-11-20T00:00:00Z", "2026-11-16", "2026-11-20", true},

		// Weeks and months.
		{"this week on a Monday", "this-week", "UTC", "2026-11-16T09:00:00Z", "2026-11-16T00:00:00Z", "2026-11-16T09:00:00Z", "2026-11-16", "2026-11-16", true},
		{"last week on a Monday", "last-week", "UTC", "2026-11-16T00:00:00Z", "2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z", "2026-11-09", "2026-11-15", false},
		{"last week at new year", "last-week", "UTC", "2027-01-06T09:00:00Z", "2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z", "2026-12-28", "2027-01-03", false},
		{"last month in January", "last-month", "UTC", "2027-01-31T09:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z", "2026-12-01", "2026-12-31", false},
		{"last month is February", "last-month", "UTC", "2026-03-31T09:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-02-01", "2026-02-28", false},
		{"last month is a long February", "last-month", "UTC", "2028-03-31T09:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z", "2028-02-01", "2028-02-29", false},

		// Days on which clocks change.
		{"yesterday of 23 hours", "yesterday", "America/New_York", "2026-03-09T12:00:00Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z", "2026-03-08", "2026-03-08", false},
		{"yesterday of 25 hours", "yesterday", "America/New_York", "2026-11-02T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", "2026-11-01", "2026-11-01", false},
		{"last week with 23 hours", "last-week", "Europe/Berlin", "2026-04-01T12:00:00Z", "2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-23", "2026-03-29", false},
		{"last month with 25 hours", "last-month", "Pacific/Chatham", "2026-05-01T12:00:00Z", "2026-03-31T10:15:00Z", "2026-04-30T11:15:00Z", "2026-04-01", "2026-04-30", false},
		{"seven days with 24:30 hours", "7d", "Australia/Lord_Howe", "2026-04-06T00:00:00Z", "2026-03-29T13:00:00Z", "2026-04-05T13:30:00Z", "2026-03-30", "2026-04-05", false},
		{"today without a midnight", "today", "America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", "2018-11-04T12:00:00Z", "2018-11-04", "2018-11-04", true},
		{"a day without a midnight", "2026-03-29", "Asia/Beirut", "2026-11-22T06:00:00Z", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z", "2026-03-29", "2026-03-29", false},
		{"yesterday with its last hour twice", "yesterday", "Africa/Cairo", "2026-10-30T12:00:00Z", "2026-10-28T21:00:00Z", "2026-10-29T22:00:00Z", "2026-10-29", "2026-10-29", false},
		{"this month with two midnights on its first", "this-month", "America/Havana", "2026-11-02T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T12:00:00Z", "2026-11-01", "2026-11-02", true},
		{"yesterday is over although clocks show it again", "yesterday", "America/St_Johns", "2010-11-07T03:00:00Z", "2010-11-06T02:30:00Z", "2010-11-07T02:30:00Z", "2010-11-06", "2010-11-06", false},
		{"today has begun although clocks show yesterday again", "today", "America/St_Johns", "2010-11-07T03:00:00Z", "2010-11-07T02:30:00Z", "2010-11-07T03:00:00Z", "2010-11-07", "2010-11-07", true},

		// Samoa left out Friday 30 December 2011, going from -10 to +14.
		{"yesterday is the day before the one that is not", "yesterday", "Pacific/Apia", "2011-12-31T00:00:00Z", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-29", "2011-12-29", false},
		{"three days that are", "3d", "Pacific/Apia", "2012-01-01T00:00:00Z", "2011-12-28T10:00:00Z", "2011-12-31T10:00:00Z", "2011-12-28", "2011-12-31", false},
		{"a week of six days", "last-week", "Pacific/Apia", "2012-01-02T12:00:00Z", "2011-12-26T10:00:00Z", "2012-01-01T10:00:00Z", "2011-12-26", "2012-01-01", false},
		{"a range over the day that is not", "2011-12-29..2011-12-31", "Pacific/Apia", "2026-11-22T06:00:00Z", "2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z", "2011-12-29", "2011-12-31", false},

		// The ends of the years.
		{"the first moment", "yesterday", "UTC", "2000-01-01T00:00:00Z", "1999-12-31T00:00:00Z", "2000-01-01T00:00:00Z", "1999-12-31", "1999-12-31", false},
		{"the first moment in the east", "yesterday", "Europe/Berlin", "1999-12-31T23:00:00Z", "1999-12-30T23:00:00Z", "1999-12-31T23:00:00Z", "1999-12-31", "1999-12-31", false},
		{"the last moment", "today", "UTC", "2199-12-31T23:59:59.9Z", "2199-12-31T00:00:00Z", "2199-12-31T23:59:59Z", "2199-12-31", "2199-12-31", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			zone := mustZone(t, tt.zone)
			p, err := period.Parse(tt.period)
			if err != nil {
				t.Fatal(err)
			}
			w, err := p.Window(mustTime(t, tt.now), zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := utc(w.Start); got != tt.start {
				t.Errorf("Start is %s, want %s", got, tt.start)
			}
			if got := utc(w.End); got != tt.end {
				t.Errorf("End is %s, want %s", got, tt.end)
			}
			if got := w.First.String(); got != tt.first {
				t.Errorf("First is %s, want %s", got, tt.first)
			}
			if got := w.Last.String(); got != tt.last {
				t.Errorf("Last is %s, want %s", got, tt.last)
			}
			if w.Open != tt.open {
				t.Errorf("Open is %t, want %t", w.Open, tt.open)
			}
			if w.Zone != zone || w.Start.Location() != zone || w.End.Location() != zone {
				t.Errorf("zones are %s, %s, %s, want %s", w.Zone, w.Start.Location(), w.End.Location(), zone)
			}
		})
	}
}

func TestWindowRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, period, zone, now string
		wants                   []string
	}{
		{"a day to come", "2026-11-23", "Europe/Berlin", "2026-11-22T06:00:00Z",
			[]string{`"2026-11-23" has not begun`, "starts at 2026-11-23T00:00:00+01:00", "now is 2026-11-22T07:00:00+01:00", "up to 2026-11-22"}},
		{"a range to come", "2026-12-01..2026-12-02", "UTC", "2026-11-22T06:00:00Z", []string{`"2026-12-01..2026-12-02" has not begun`}},
		{"a day an instant before it begins", "2026-11-23", "UTC", "2026-11-22T23:59:59.999999999Z", []string{"has not begun"}},
		{"a day that has begun elsewhere", "2026-11-23", "Etc/GMT+12", "2026-11-23T11:59:59Z", []string{"has not begun"}},
		{"a day that begins now", "2026-11-23", "UTC", "2026-11-23T00:00:00Z", []string{`"2026-11-23" has only just begun`, "at 2026-11-23T00:00:00Z", "yesterday"}},
		{"today begins now", "today", "UTC", "2026-11-23T00:00:00Z", []string{`"today" has only just begun`}},
		{"today began less than a second ago", "today", "Asia/Kathmandu", "2026-11-22T18:15:00.999999999Z", []string{"has only just begun, at 2026-11-23T00:00:00+05:45"}},
		{"this week begins now", "this-week", "UTC", "2026-11-16T00:00:00.5Z", []string{`"this-week" has only just begun`}},
		{"this month begins now", "this-month", "UTC", "2026-11-01T00:00:00Z", []string{`"this-month" has only just begun`}},
		{"today begins now at one o'clock", "today", "America/Sao_Paulo", "2018-11-04T03:00:00Z", []string{"has only just begun, at 2018-11-04T01:00:00-02:00"}},

		{"a day that is not", "2011-12-30", "Pacific/Apia", "2026-11-22T06:00:00Z", []string{`"2011-12-30"`, "Pacific/Apia has no 2011-12-30", "such as 2011-12-31"}},
		{"a range from a day that is not", "2011-12-30..2012-01-02", "Pacific/Apia", "2026-11-22T06:00:00Z", []string{"Pacific/Apia has no 2011-12-30"}},
		{"a range to a day that is not", "2011-12-01..2011-12-30", "Pacific/Fakaofo", "2026-11-22T06:00:00Z", []string{"Pacific/Fakaofo has no 2011-12-30"}},

		{"a moment too early", "yesterday", "UTC", "1999-12-31T23:59:59Z", []string{"moment 1999-12-31T23:59:59Z is outside the years 2000 to 2199", "such as 2026"}},
		{"a moment too early in the west", "yesterday", "America/New_York", "2000-01-01T04:59:59Z", []string{"outside the years"}},
		{"a moment too late", "yesterday", "UTC", "2200-01-01T00:00:00Z", []string{"outside the years 2000 to 2199"}},
		{"no moment", "yesterday", "UTC", "0001-01-01T00:00:00Z", []string{"moment 0001-01-01T00:00:00Z is outside"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := period.Parse(tt.period)
			if err != nil {
				t.Fatal(err)
			}
			w, err := p.Window(mustTime(t, tt.now), mustZone(t, tt.zone))
			wantError(t, err, tt.wants...)
			if w != (period.Window{}) {
				t.Errorf("also got %+v", w)
			}
		})
	}

	now := mustTime(t, "2026-11-22T06:00:00Z")
	t.Run("no period", func(t *testing.T) {
		t.Parallel()
		_, err := period.Period{}.Window(now, time.UTC)
		wantError(t, err, "no period", "yesterday", "2026-11-20")
	})
	t.Run("no zone", func(t *testing.T) {
		t.Parallel()
		p, _ := period.Parse("yesterday")
		_, err := p.Window(now, nil)
		wantError(t, err, "no time zone", "Europe/Berlin")
	})
	t.Run("a moment beyond all calendars", func(t *testing.T) {
		t.Parallel()
		p, _ := period.Parse("yesterday")
		for _, seconds := range []int64{1<<62 - 1, -1 << 62} {
			_, err := p.Window(time.Unix(seconds, 0), time.UTC)
			wantError(t, err, "outside the years")
		}
	})
}

func TestContains(t *testing.T) {
	t.Parallel()
	w := period.Window{Start: mustTime(t, "2026-11-20T23:00:00Z"), End: mustTime(t, "2026-11-21T23:00:00Z")}
	tests := []struct {
		name, at string
		want     bool
	}{
		{"before", "2026-11-20T22:59:59.999999999Z", false},
		{"start", "2026-11-20T23:00:00Z", true},
		{"start in another zone", "2026-11-21T00:00:00+01:00", true},
		{"last instant", "2026-11-21T22:59:59.999999999Z", true},
		{"end", "2026-11-21T23:00:00Z", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := w.Contains(mustTime(t, tt.at)); got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
		})
	}
}
