package config_test

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"realtimekit-digest/internal/config"
)

// marker is part of every malformed value here, and must not be in an error.
const marker = "hunter2"

// good is the least environment that can be used.
func good() map[string]string {
	return map[string]string{
		"CLOUDFLARE_API_TOKEN":  "cf-" + marker,
		"CLOUDFLARE_ACCOUNT_ID": "0123456789abcdef0123456789abcdef",
		"REALTIMEKIT_APP_ID":    "2ae5b2c4-7f0e-4a4b-9d0a-5a4b8c1d2e3f",
	}
}

// load loads a configuration from env and nothing else.
func load(t *testing.T, env map[string]string) (config.Config, error) {
	t.Helper()
	for _, name := range config.Variables() {
		// Setenv also restores what was there before.
		t.Setenv(name, "")
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range env {
		t.Setenv(name, value)
	}
	return config.Load()
}

// values spells every field of a configuration.
func values(c config.Config) map[string]string {
	return map[string]string{
		"FUNCTION_ROLE":                      string(c.Role),
		"CLOUDFLARE_API_TOKEN":               c.CloudflareToken.Reveal(),
		"CLOUDFLARE_ACCOUNT_ID":              string(c.AccountID),
		"REALTIMEKIT_APP_ID":                 string(c.AppID),
		"CLOUDFLARE_BASE_URL":                string(c.CloudflareURL),
		"REALTIMEKIT_PAGE_SIZE":              text(int(c.PageSize)),
		"REALTIMEKIT_REQUESTS_PER_5_MINUTES": text(int(c.Quota)),
		"SESSION_LOOKBACK":                   time.Duration(c.Lookback).String(),
		"SLACK_BOT_TOKEN":                    c.SlackToken.Reveal(),
		"SLACK_CHANNEL_ID":                   string(c.ChannelID),
		"SLACK_API_URL":                      string(c.SlackURL),
		"REPORT_TIMEZONE":                    c.Zone.String(),
		"REPORT_TOP":                         text(int(c.Top)),
		"PRICE_AUDIO_VIDEO":                  text(float64(c.PriceAudioVideo)),
		"PRICE_AUDIO_ONLY":                   text(float64(c.PriceAudioOnly)),
		"STATE_TABLE":                        string(c.StateTable),
	}
}

func TestLoadDefaults(t *testing.T) {
	want := good()
	for name, value := range map[string]string{
		"FUNCTION_ROLE":                      "digest",
		"CLOUDFLARE_BASE_URL":                "https://api.cloudflare.com/client/v4/",
		"REALTIMEKIT_PAGE_SIZE":              "100",
		"REALTIMEKIT_REQUESTS_PER_5_MINUTES": "1200",
		"SESSION_LOOKBACK":                   "48h0m0s",
		"SLACK_BOT_TOKEN":                    "",
		"SLACK_CHANNEL_ID":                   "",
		"SLACK_API_URL":                      "https://slack.com/api/",
		"REPORT_TIMEZONE":                    "UTC",
		"REPORT_TOP":                         "10",
		"PRICE_AUDIO_VIDEO":                  "0.002",
		"PRICE_AUDIO_ONLY":                   "0.0005",
		"STATE_TABLE":                        "",
	} {
		want[name] = value
	}
	empty := good()
	for _, name := range config.Variables() {
		if _, ok := empty[name]; !ok {
			empty[name] = ""
		}
	}
	tests := []struct {
		name string
		env  map[string]string
	}{
		{"not set", good()},
		{"set to nothing", empty},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := load(t, test.env)
			if err != nil {
				t.Fatal(err)
			}
			if got := values(c); !reflect.DeepEqual(got, want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
}

func TestLoadMissing(t *testing.T) {
	for _, name := range []string{"CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID", "REALTIMEKIT_APP_ID"} {
		for _, how := range []string{"not set", "set to nothing"} {
			t.Run(name+" "+how, func(t *testing.T) {
				env := good()
				env[name] = ""
				if how == "not set" {
					delete(env, name)
				}
				c, err := load(t, env)
				wantProblem(t, err, name+" is missing: it should be "+looks(t, name))
				if c != (config.Config{}) {
					t.Error("got a configuration too")
				}
			})
		}
	}
}

func TestLoadGood(t *testing.T) {
	tests := []struct{ name, variable, value, want string }{
		{"role", "FUNCTION_ROLE", "digest", ""},
		{"Cloudflare token", "CLOUDFLARE_API_TOKEN", "v1.0-aB_c/d+e=", ""},
		{"Slack token", "SLACK_BOT_TOKEN", "xoxb-1-2-a", ""},
		{"account id", "CLOUDFLARE_ACCOUNT_ID", "aB3", ""},
		{"longest account id", "CLOUDFLARE_ACCOUNT_ID", strings.Repeat("a", 64), ""},
		{"app id", "REALTIMEKIT_APP_ID", "a-B_3", ""},
		{"app id with all in it", "REALTIMEKIT_APP_ID", "all-hands", ""},
		{"base without slash", "CLOUDFLARE_BASE_URL", "https://proxy.example/v4", "https://proxy.example/v4/"},
		{"base with slash", "CLOUDFLARE_BASE_URL", "https://proxy.example/v4/", ""},
		{"base without path", "CLOUDFLARE_BASE_URL", "http://127.0.0.1:8080", "http://127.0.0.1:8080/"},
		{"base on IPv6", "SLACK_API_URL", "http://[::1]:8080/api/", ""},
		{"smallest page", "REALTIMEKIT_PAGE_SIZE", "1", ""},
		{"largest page", "REALTIMEKIT_PAGE_SIZE", "1000", ""},
		{"smallest quota", "REALTIMEKIT_REQUESTS_PER_5_MINUTES", "1", ""},
		{"largest quota", "REALTIMEKIT_REQUESTS_PER_5_MINUTES", "1000000", ""},
		{"no lookback", "SESSION_LOOKBACK", "0s", ""},
		{"lookback in parts", "SESSION_LOOKBACK", "1h30m", "1h30m0s"},
		{"longest lookback", "SESSION_LOOKBACK", "2160h", "2160h0m0s"},
		{"public channel", "SLACK_CHANNEL_ID", "C0123456789", ""},
		{"private channel", "SLACK_CHANNEL_ID", "G0123456789", ""},
		{"direct message", "SLACK_CHANNEL_ID", "D0123456789", ""},
		{"zone", "REPORT_TIMEZONE", "Europe/Berlin", ""},
		{"zone of three parts", "REPORT_TIMEZONE", "America/Argentina/Buenos_Aires", ""},
		{"fewest at the top", "REPORT_TOP", "1", ""},
		{"most at the top", "REPORT_TOP", "100", ""},
		{"no price", "PRICE_AUDIO_VIDEO", "0", ""},
		{"highest price", "PRICE_AUDIO_ONLY", "1000", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := good()
			env[test.variable] = test.value
			c, err := load(t, env)
			if err != nil {
				t.Fatal(err)
			}
			want := test.want
			if want == "" {
				want = test.value
			}
			if got := values(c)[test.variable]; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestLoadMalformed(t *testing.T) {
	tests := []struct{ name, variable, value string }{
		{"command role", "FUNCTION_ROLE", "command"},
		{"role in capitals", "FUNCTION_ROLE", "Digest"},
		{"reference to a secret", "CLOUDFLARE_API_TOKEN", "ssm:/" + marker},
		{"secret with a line break", "CLOUDFLARE_API_TOKEN", marker + "\n"},
		{"secret in quotes", "CLOUDFLARE_API_TOKEN", `"` + marker + `"`},
		{"secret of spaces", "CLOUDFLARE_API_TOKEN", "   "},
		{"reference to a Slack token", "SLACK_BOT_TOKEN", "ssm:" + marker},
		{"Slack token with its header", "SLACK_BOT_TOKEN", "Bearer " + marker},
		{"Slack token beyond ASCII", "SLACK_BOT_TOKEN", marker + "é"},
		{"account that is a path", "CLOUDFLARE_ACCOUNT_ID", marker + "/.."},
		{"account with dashes", "CLOUDFLARE_ACCOUNT_ID", marker + "-1"},
		{"account too long", "CLOUDFLARE_ACCOUNT_ID", strings.Repeat("a", 65)},
		{"several apps", "REALTIMEKIT_APP_ID", marker + ",other"},
		{"every app", "REALTIMEKIT_APP_ID", "all"},
		{"app that is a path", "REALTIMEKIT_APP_ID", "../" + marker},
		{"app with a space after it", "REALTIMEKIT_APP_ID", marker + " "},
		{"app too long", "REALTIMEKIT_APP_ID", strings.Repeat("a", 129)},
		{"base without scheme", "CLOUDFLARE_BASE_URL", marker + ".example/v4"},
		{"base of another scheme", "CLOUDFLARE_BASE_URL", "ftp://" + marker + ".example/"},
		{"base with a password", "CLOUDFLARE_BASE_URL", "https://user:" + marker + "@proxy.example/"},
		{"base with a query", "CLOUDFLARE_BASE_URL", "https://proxy.example/?token=" + marker},
		{"base with an empty query", "CLOUDFLARE_BASE_URL", "https://" + marker + ".example/?"},
		{"base with a fragment", "SLACK_API_URL", "https://proxy.example/#" + marker},
		{"base with an empty fragment", "SLACK_API_URL", "https://" + marker + ".example/#"},
		{"base with a space after it", "SLACK_API_URL", "https://" + marker + ".example/ "},
		{"base without host", "SLACK_API_URL", "https:///" + marker},
		{"base with a port only", "SLACK_API_URL", "https://:443/" + marker},
		{"base that cannot be parsed", "SLACK_API_URL", "https://%zz" + marker},
		{"no rows per page", "REALTIMEKIT_PAGE_SIZE", "0"},
		{"too many rows per page", "REALTIMEKIT_PAGE_SIZE", "1001"},
		{"half a row", "REALTIMEKIT_PAGE_SIZE", "1.5"},
		{"no requests", "REALTIMEKIT_REQUESTS_PER_5_MINUTES", "0"},
		{"too many requests", "REALTIMEKIT_REQUESTS_PER_5_MINUTES", "1000001"},
		{"requests as a word", "REALTIMEKIT_REQUESTS_PER_5_MINUTES", marker},
		{"lookback without unit", "SESSION_LOOKBACK", "48"},
		{"lookback ahead", "SESSION_LOOKBACK", "-1h"},
		{"lookback too long", "SESSION_LOOKBACK", "2160h1ns"},
		{"channel's name", "SLACK_CHANNEL_ID", "#" + marker},
		{"channel in lower case", "SLACK_CHANNEL_ID", "c0123456789"},
		{"person", "SLACK_CHANNEL_ID", "U0123456789"},
		{"zone that nobody has", "REPORT_TIMEZONE", "Europe/" + marker},
		{"machine's zone", "REPORT_TIMEZONE", "Local"},
		{"zone that is a path", "REPORT_TIMEZONE", "../" + marker},
		{"nobody at the top", "REPORT_TOP", "0"},
		{"too many at the top", "REPORT_TOP", "101"},
		{"negative price", "PRICE_AUDIO_VIDEO", "-0.001"},
		{"price that is no number", "PRICE_AUDIO_VIDEO", "NaN"},
		{"endless price", "PRICE_AUDIO_ONLY", "Inf"},
		{"price with a currency", "PRICE_AUDIO_ONLY", "$" + marker},
		{"price with a comma", "PRICE_AUDIO_ONLY", "0,002"},
		{"table", "STATE_TABLE", marker},
		{"table that is a space", "STATE_TABLE", " "},
	}
	seen := map[string]bool{}
	for _, test := range tests {
		seen[test.variable] = true
		t.Run(test.name, func(t *testing.T) {
			env := good()
			env[test.variable] = test.value
			_, err := load(t, env)
			wantProblem(t, err, test.variable+" is malformed: it should be "+looks(t, test.variable))
			if strings.TrimSpace(test.value) != "" && len(test.value) > 5 && strings.Contains(err.Error(), test.value) {
				t.Errorf("the value is in the error: %v", err)
			}
		})
	}
	for _, name := range config.Variables() {
		if !seen[name] {
			t.Errorf("no case for %s", name)
		}
	}
}

// TestLoadTellsEverything: whoever deploys should not learn of one mistake
// after the other.
func TestLoadTellsEverything(t *testing.T) {
	env := map[string]string{}
	for _, name := range config.Variables() {
		env[name] = " " + marker + " " // in no variable's spelling
	}
	delete(env, "CLOUDFLARE_ACCOUNT_ID")
	env["REALTIMEKIT_APP_ID"] = ""
	_, err := load(t, env)
	wantProblem(t, err, "the environment cannot be used: ")
	for _, name := range config.Variables() {
		what := " is malformed: "
		if name == "CLOUDFLARE_ACCOUNT_ID" || name == "REALTIMEKIT_APP_ID" {
			what = " is missing: "
		}
		if n := strings.Count(err.Error(), name+what+"it should be "+looks(t, name)); n != 1 {
			t.Errorf("%s%s%d times in %v", name, what, n, err)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than one line: %v", err)
	}
}
