package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"realtimekit-digest/internal/blockkit"
)

// bootstrap builds the real function.
func bootstrap(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bootstrap")
	build := exec.Command("go", "build", "-buildvcs=false", "-tags", "lambda.norpc", "-o", path, "../lambda")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

func TestRun(t *testing.T) {
	program, out := bootstrap(t), filepath.Join(t.TempDir(), "message.json")
	var stdout, stderr strings.Builder
	err := realMain(t.Context(), []string{"run", "-bootstrap", program, "-out", out, "-link", "../../events/schedule-daily.json"}, &stdout, &stderr)
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	for _, part := range []string{"RealtimeKit usage, Sat 21 Nov 2026", "participant-minutes in ", "Meeting", "ended sessions, ", "Estimated cost: $", "https://app.slack.com/block-kit-builder/#%7B%22blocks%22"} {
		if !strings.Contains(stdout.String(), part) {
			t.Errorf("the digest lacks %q:\n%s", part, stdout.String())
		}
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(strings.Split(string(readme), "```")[1]) {
		if line != "  …\n" && !strings.Contains(stdout.String(), line) {
			t.Errorf("README.md shows what the digest does not have: %s", line)
		}
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	if err := blockkit.ValidateJSON(m.Text, m.Blocks); err != nil {
		t.Error(err)
	}

	stdout.Reset()
	if err := realMain(t.Context(), []string{"run", "-bootstrap", program, "../../events/manual-dry-run.json"}, &stdout, &stderr); err != nil || !strings.Contains(stdout.String(), "RealtimeKit usage, ") {
		t.Errorf("a dry run: %v\n%s", err, stdout.String())
	}
}

func TestRunFails(t *testing.T) {
	program := bootstrap(t)
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte(`{"period":"fortnight"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		args []string
		says string
	}{
		"nothing":         {nil, "say what to do"},
		"another command": {[]string{"fly"}, `no command "fly"`},
		"no event":        {[]string{"run"}, "name one event"},
		"no such event":   {[]string{"run", "nowhere.json"}, "reading the event"},
		"no function":     {[]string{"run", "-bootstrap", "nowhere", "../../events/empty.json"}, "starting the function"},
		"a bad event":     {[]string{"run", "-bootstrap", program, bad}, "fortnight"},
	} {
		var stdout, stderr strings.Builder
		if err := realMain(t.Context(), tc.args, &stdout, &stderr); err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
