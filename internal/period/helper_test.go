package period_test

import (
	"archive/zip"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"realtimekit-digest/internal/period"
)

// mustZone returns a zone from the database that LoadZone reads.
func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := period.LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// mustTime reads an RFC 3339 time.
func mustTime(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// mustDate reads a date such as 2026-11-20.
func mustDate(t testing.TB, s string) period.Date {
	t.Helper()
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return shownDate(at)
}

// shownDate is the date a clock shows in at's own location.
func shownDate(at time.Time) period.Date {
	year, month, day := at.Date()
	return period.Date{Year: year, Month: month, Day: day}
}

func utc(at time.Time) string {
	return at.UTC().Format(time.RFC3339Nano)
}

// wantError checks that err is there, one line, and says each of wants.
func wantError(t testing.TB, err error, wants ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("got no error, want one that says %q", wants)
	}
	got := err.Error()
	for _, want := range wants {
		if !strings.Contains(got, want) {
			t.Errorf("error is %q, want it to say %q", got, want)
		}
	}
	if first := got[:1]; first != strings.ToLower(first) || strings.HasSuffix(got, ".") || strings.Contains(got, "\n") {
		t.Errorf("error is %q, want one lower-case line without a full stop", got)
	}
}

// peculiar are the zones that stand for the others where there is no list of
// all: at least one for each thing that clocks have done since 2000.
var peculiar = []string{
	"UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/Havana", "America/St_Johns",
	"America/Caracas", "America/Nuuk", "Asia/Beirut", "Africa/Cairo", "Africa/Casablanca", "Asia/Tehran",
	"Asia/Kathmandu", "Asia/Pyongyang", "Asia/Gaza", "Australia/Lord_Howe", "Australia/Eucla",
	"Antarctica/Troll", "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati", "Etc/GMT+12", "Etc/GMT-14",
}

// goZones reads every zone that Go itself lists, by name, with its raw data.
// It is not there in a Go that was installed without its sources.
var goZones = sync.OnceValues(func() (map[string][]byte, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("ask go for its root: %w", err)
	}
	archive, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		return nil, err
	}
	defer archive.Close()

	zones := make(map[string][]byte)
	for _, f := range archive.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(r)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", f.Name, err)
		}
		zones[f.Name] = data
	}
	return zones, nil
})

// everyZone returns one zone for each that differs from the others, by name.
// Where Go's list is not there it says so and returns the peculiar ones.
func everyZone(t testing.TB) map[string]*time.Location {
	t.Helper()
	zones := make(map[string]*time.Location)
	list, err := goZones()
	if err != nil {
		t.Logf("only %d zones instead of all: %v", len(peculiar), err)
		for _, name := range peculiar {
			zones[name] = mustZone(t, name)
		}
		return zones
	}
	seen := make(map[string]string) // data to the first name, by the alphabet, that has it
	for name, data := range list {
		if other, ok := seen[string(data)]; !ok || name < other {
			seen[string(data)] = name
		}
	}
	for data, name := range seen {
		// Not LoadZone: it would prefer the machine's own database.
		zone, err := time.LoadLocationFromTZData(name, []byte(data))
		if err != nil {
			t.Fatalf("load %s: %v", name, err)
		}
		zones[name] = zone
	}
	return zones
}
