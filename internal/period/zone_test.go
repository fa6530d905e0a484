package period_test

import (
	"testing"

	"realtimekit-digest/internal/period"
)

func TestLoadZone(t *testing.T) {
	t.Parallel()
	names := append([]string{"EST5EDT", "GMT", "America/Argentina/Buenos_Aires", "America/North_Dakota/New_Salem"}, peculiar...)
	list, err := goZones()
	if err != nil {
		t.Logf("only %d zones instead of all: %v", len(names), err)
	}
	for name := range list {
		if name != "Factory" {
			names = append(names, name)
		}
	}
	for _, name := range names {
		zone, err := period.LoadZone(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if zone.String() != name {
			t.Errorf("%s is called %s", name, zone)
		}
	}
}

func TestLoadZoneRefuses(t *testing.T) {
	t.Parallel()
	const example = "Europe/Berlin"
	tests := []struct {
		name, zone string
		wants      []string
	}{
		{"nothing", "", []string{"empty", example}},
		{"the machine's", "Local", []string{`"Local" depends on the machine`, example}},
		{"the machine's file", "localtime", []string{"depends on the machine"}},
		{"the machine's rules", "posixrules", []string{"depends on the machine"}},
		{"a machine that is not set up", "Factory", []string{"depends on the machine"}},
		{"leap seconds", "right/Europe/Berlin", []string{"depends on the machine"}},
		{"a copy", "posix/Europe/Berlin", []string{"depends on the machine"}},
		{"absolute path", "/usr/share/zoneinfo/Europe/Berlin", []string{"is not a name", example}},
		{"path upwards", "../../etc/passwd", []string{"is not a name"}},
		{"path up in the middle", "Europe/../Europe/Berlin", []string{"is not a name"}},
		{"path of nothing", "./UTC", []string{"is not a name"}},
		{"backslash", `Europe\Berlin`, []string{"is not a name"}},
		{"two slashes", "Europe//Berlin", []string{"is not a name"}},
		{"slash at the end", "Europe/", []string{"is not a name"}},
		{"a file beside the zones", "zone.tab", []string{"is not a name"}},
		{"a text beside the zones", "leapseconds", []string{"is not known"}},
		{"a folder", "Europe", []string{`"Europe" is not known`, example}},
		{"a misspelling", "Europe/Berlinn", []string{`"Europe/Berlinn" is not known`}},
		{"a city alone", "Berlin", []string{`"Berlin" is not known`}},
		{"an abbreviation", "CEST", []string{`"CEST" is not known`}},
		{"an offset", "+01:00", []string{"is not a name"}},
		{"an offset from UTC", "UTC+1", []string{"is not known"}},
		{"a POSIX rule", "CET-1CEST,M3.5.0,M10.5.0/3", []string{"is not a name"}},
		{"space around it", " UTC", []string{"is not a name"}},
		{"a line more", "UTC\n", []string{"is not a name"}},
		{"a zero byte", "UTC\x00", []string{"is not a name"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			zone, err := period.LoadZone(tt.zone)
			wantError(t, err, tt.wants...)
			if zone != nil {
				t.Errorf("also got %s", zone)
			}
		})
	}
}
