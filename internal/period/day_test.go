package period_test

import (
	"testing"
	"time"

	"realtimekit-digest/internal/period"
)

func TestStartOfDay(t *testing.T) {
	t.Parallel()
	// The instants are worked out by hand from the offsets in the names.
	tests := []struct {
		name, zone, day string
		start           string
		length          time.Duration
	}{
		{"UTC", "UTC", "2026-11-20", "2026-11-20T00:00:00Z", 24 * time.Hour},
		{"+1 in winter", "Europe/Berlin", "2026-11-20", "2026-11-19T23:00:00Z", 24 * time.Hour},
		{"+1 to +2 at 02:00", "Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", 23 * time.Hour},
		{"+2 to +1 at 03:00", "Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", 25 * time.Hour},
		{"-5 to -4 at 02:00", "America/New_York", "2026-03-08", "2026-03-08T05:00:00Z", 23 * time.Hour},
		{"-4 to -5 at 02:00", "America/New_York", "2026-11-01", "2026-11-01T04:00:00Z", 25 * time.Hour},

		{"midnight missing, -3 to -2", "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", 23 * time.Hour},
		{"24:00 becomes 23:00, -2 to -3", "America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z", 25 * time.Hour},
		{"after 24:00 became 23:00", "America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z", 24 * time.Hour},
		{"midnight missing, +2 to +3", "Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z", 23 * time.Hour},
		{"24:00 becomes 23:00, +3 to +2", "Asia/Beirut", "2026-10-24", "2026-10-23T21:00:00Z", 25 * time.Hour},
		{"midnight missing on a Friday", "Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00Z", 23 * time.Hour},
		{"24:00 becomes 23:00 on a Thursday", "Africa/Cairo", "2026-10-29", "2026-10-28T21:00:00Z", 25 * time.Hour},
		{"midnight missing, +3:30 to +4:30", "Asia/Tehran", "2022-03-22", "2022-03-21T20:30:00Z", 23 * time.Hour},
		{"24:00 becomes 23:00, +4:30 to +3:30", "Asia/Tehran", "2022-09-21", "2022-09-20T19:30:00Z", 25 * time.Hour},
		{"midnight missing, -5 to -4", "America/Havana", "2026-03-08", "2026-03-08T05:00:00Z", 23 * time.Hour},
		{"midnight twice, -4 to -5 at 01:00", "America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", 25 * time.Hour},
		{"-3:30 to -2:30 at 00:01", "America/St_Johns", "2010-03-14", "2010-03-14T03:30:00Z", 23 * time.Hour},
		{"before -2:30 to -3:30 at 00:01", "America/St_Johns", "2010-11-06", "2010-11-06T02:30:00Z", 24 * time.Hour},
		{"-2:30 to -3:30 at 00:01", "America/St_Johns", "2010-11-07", "2010-11-07T02:30:00Z", 25 * time.Hour},
		{"+11 to +8 at 02:00", "Antarctica/Casey", "2010-03-05", "2010-03-04T13:00:00Z", 27 * time.Hour},

		{"half an hour back, +11 to +10:30", "Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z", 24*time.Hour + 30*time.Minute},
		{"half an hour on, +10:30 to +11", "Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30:00Z", 23*time.Hour + 30*time.Minute},
		{"24:00 becomes 23:30, +9 to +8:30", "Asia/Pyongyang", "2015-08-14", "2015-08-13T15:00:00Z", 24*time.Hour + 30*time.Minute},
		{"-4:30 to -4 at 02:30", "America/Caracas", "2016-05-01", "2016-05-01T04:30:00Z", 23*time.Hour + 30*time.Minute},
		{"two hours on, +0 to +2", "Antarctica/Troll", "2026-03-29", "2026-03-29T00:00:00Z", 22 * time.Hour},
		{"winter time in Ramadan, +1 to +0", "Africa/Casablanca", "2026-02-15", "2026-02-14T23:00:00Z", 25 * time.Hour},

		{"+5:45", "Asia/Kathmandu", "2026-11-20", "2026-11-19T18:15:00Z", 24 * time.Hour},
		{"+8:45", "Australia/Eucla", "2026-11-20", "2026-11-19T15:15:00Z", 24 * time.Hour},
		{"+13:45 to +12:45", "Pacific/Chatham", "2026-04-05", "2026-04-04T10:15:00Z", 25 * time.Hour},
		{"+12:45 to +13:45", "Pacific/Chatham", "2026-09-27", "2026-09-26T11:15:00Z", 23 * time.Hour},
		{"first on the globe, +14", "Pacific/Kiritimati", "2026-11-20", "2026-11-19T10:00:00Z", 24 * time.Hour},
		{"last on the globe, -12", "Etc/GMT+12", "2026-11-20", "2026-11-20T12:00:00Z", 24 * time.Hour},

		{"before the day that is not, -10", "Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z", 24 * time.Hour},
		{"the day that is not", "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", 0},
		{"after the day that is not, +14", "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", 24 * time.Hour},

		// https://go.dev/issue/81583
		{"end of a leap year under a rule for ever", "America/New_York", "2096-12-31", "2096-12-31T05:00:00Z", 24 * time.Hour},
		{"after the end of a leap year", "America/New_York", "2097-01-01", "2097-01-01T05:00:00Z", 24 * time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.zone+" "+tt.day+" "+tt.name, func(t *testing.T) {
			t.Parallel()
			zone, d := mustZone(t, tt.zone), mustDate(t, tt.day)
			start := period.StartOfDay(d, zone)
			if got := utc(start); got != tt.start {
				t.Errorf("starts at %s, want %s", got, tt.start)
			}
			if got := period.StartOfDay(d.AddDays(1), zone).Sub(start); got != tt.length {
				t.Errorf("is %s long, want %s", got, tt.length)
			}
			if start.Location() != zone {
				t.Errorf("start is in %s, want it in the zone", start.Location())
			}
		})
	}
}

func TestDateOf(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, zone, at string
		want           string
	}{
		{"first instant", "Europe/Berlin", "2026-11-19T23:00:00Z", "2026-11-20"},
		{"last instant", "Europe/Berlin", "2026-11-20T22:59:59.999999999Z", "2026-11-20"},
		{"second midnight", "America/Havana", "2026-11-01T05:00:00Z", "2026-11-01"},
		{"before the first midnight", "America/St_Johns", "2010-11-07T02:29:59Z", "2010-11-06"},
		{"the first midnight", "America/St_Johns", "2010-11-07T02:30:00Z", "2010-11-07"},
		{"a clock shows the date before again", "America/St_Johns", "2010-11-07T03:00:00Z", "2010-11-07"},
		{"the second midnight", "America/St_Johns", "2010-11-07T03:30:00Z", "2010-11-07"},
		{"before the day that is not", "Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29"},
		{"after the day that is not", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31"},
	}
	for _, tt := range tests {
		t.Run(tt.zone+" "+tt.name, func(t *testing.T) {
			t.Parallel()
			if got := period.DateOf(mustTime(t, tt.at), mustZone(t, tt.zone)).String(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	d := period.Date{Year: 2026, Month: time.February, Day: 3}
	if got := d.String(); got != "2026-02-03" {
		t.Errorf("String is %s", got)
	}
	for days, want := range map[int]string{-34: "2025-12-31", 0: "2026-02-03", 26: "2026-03-01", 365: "2027-02-03"} {
		if got := d.AddDays(days).String(); got != want {
			t.Errorf("%d days later is %s, want %s", days, got, want)
		}
	}
	ascending := []string{"2025-12-31", "2026-01-01", "2026-01-02", "2026-02-01", "2027-01-01"}
	for i, a := range ascending {
		for j, b := range ascending {
			want := 0
			switch {
			case i < j:
				want = -1
			case i > j:
				want = 1
			}
			if got := mustDate(t, a).Compare(mustDate(t, b)); got != want {
				t.Errorf("%s compared with %s is %d, want %d", a, b, got, want)
			}
		}
	}
}
