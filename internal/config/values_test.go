package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"strings"
	"testing"

	"realtimekit-digest/internal/config"
)

func text(v any) string { return fmt.Sprint(v) }

// field is the field of config.Config that holds a variable.
func field(t *testing.T, variable string) reflect.StructField {
	t.Helper()
	for f := range reflect.TypeFor[config.Config]().Fields() {
		if f.Tag.Get("envconfig") == variable {
			return f
		}
	}
	t.Fatalf("no field for %s", variable)
	return reflect.StructField{}
}

// looks is what a variable should look like.
func looks(t *testing.T, variable string) string {
	t.Helper()
	s := field(t, variable).Tag.Get("looks")
	if s == "" {
		t.Fatalf("%s does not say what it should look like", variable)
	}
	return s
}

func wantProblem(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %q", want)
	}
	if !strings.Contains(err.Error(), want) {
		t.Errorf("error %q does not say %q", err, want)
	}
	if strings.Contains(err.Error(), marker) {
		t.Errorf("a value is in the error: %v", err)
	}
}

func TestSecretIsNotShown(t *testing.T) {
	c, err := load(t, good())
	if err != nil {
		t.Fatal(err)
	}
	secret := c.CloudflareToken
	if secret.Reveal() != good()["CLOUDFLARE_API_TOKEN"] || secret.IsZero() || !c.SlackToken.IsZero() {
		t.Fatal("the secrets are not what was set")
	}
	log := func(handler func(*bytes.Buffer) slog.Handler, value any) string {
		var b bytes.Buffer
		slog.New(handler(&b)).Info("start", "value", value)
		return b.String()
	}
	asJSON := func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) }
	asText := func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) }
	marshal := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	holders := []struct {
		name  string
		value any
	}{
		{"secret", secret},
		{"pointer to it", &secret},
		{"field", struct{ Token config.Secret }{secret}},
		{"slice", []config.Secret{secret}},
		{"map", map[string]config.Secret{"token": secret}},
		{"map's key", map[config.Secret]int{secret: 1}},
		{"configuration", c},
		{"pointer to the configuration", &c},
	}
	for _, h := range holders {
		shown := map[string]string{
			"error":     fmt.Errorf("starting with %v", h.value).Error(),
			"slog JSON": log(asJSON, h.value),
			"slog text": log(asText, h.value),
			"JSON":      marshal(h.value),
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%08.3f", "%U", "%T"} {
			shown[verb] = fmt.Sprintf(verb, h.value)
		}
		for how, s := range shown {
			t.Run(h.name+" as "+how, func(t *testing.T) {
				hex := fmt.Sprintf("%x", marker)
				if strings.Contains(s, marker) || strings.Contains(strings.ToLower(s), hex) {
					t.Errorf("shown: %s", s)
				}
			})
		}
	}
	for _, s := range []string{secret.String(), fmt.Sprint(secret), fmt.Sprintf("%#v", secret), fmt.Sprintf("%d", secret)} {
		if s != "[secret]" {
			t.Errorf("got %q, want [secret]", s)
		}
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, name := range config.Variables() {
		if name == "" || name != strings.ToUpper(name) || seen[name] {
			t.Errorf("%q is no name or not the only one", name)
		}
		seen[name] = true
		looks(t, name)
	}
}

// TestREADME holds the README's table of variables against the configuration.
func TestREADME(t *testing.T) {
	t.Parallel()
	const path = "../../README.md"
	content, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skip("there is no README.md")
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range config.Variables() {
		row, ok := tableRow(string(content), name)
		if !ok {
			t.Errorf("README.md: no table row for `%s`", name)
			continue
		}
		tag := field(t, name).Tag
		if fallback := tag.Get("default"); fallback != "" && !strings.Contains(row, "`"+fallback+"`") {
			t.Errorf("README.md: the row of %s does not name its default `%s`: %s", name, fallback, row)
		}
		if tag.Get("required") != "" && !strings.Contains(row, "required") {
			t.Errorf("README.md: the row of %s does not say that it is required: %s", name, row)
		}
	}
}

// tableRow is the row of a Markdown table that has a name in its first cell.
func tableRow(markdown, name string) (string, bool) {
	for line := range strings.Lines(markdown) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) > 2 && cells[0] == "" && strings.Contains(cells[1], "`"+name+"`") {
			return strings.TrimSpace(line), true
		}
	}
	return "", false
}
