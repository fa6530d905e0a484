package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"realtimekit-digest/internal/period"
)

// errMalformed is all that Decode has to say: Load adds what the value should
// look like, and never the value.
var errMalformed = errors.New("malformed")

// Role is what a function does.
type Role string

// Digest builds reports and posts them.
const Digest Role = "digest"

// Decode implements envconfig.Decoder, as do the Decode methods below.
func (r *Role) Decode(s string) error { return keep((*string)(r), s, s == string(Digest)) }

// Secret is a value that nobody may see: it prints, logs and marshals as
// "[secret]".
type Secret struct{ value string }

// Decode accepts a secret, but not yet a reference to one ("ssm:NAME").
func (s *Secret) Decode(text string) error {
	return keep(&s.value, text, !strings.HasPrefix(text, "ssm:") && !strings.ContainsAny(text, `"'`) && !strings.ContainsFunc(text, notVisible))
}

// Reveal is the secret itself.
func (s Secret) Reveal() string { return s.value }

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.value == "" }

const hidden = "[secret]"

// String, Format, LogValue and MarshalText keep the secret out of whatever is
// printed. Format is there for the verbs that do not ask String, such as %d.
func (s Secret) String() string               { return hidden }
func (s Secret) Format(f fmt.State, _ rune)   { _, _ = io.WriteString(f, hidden) }
func (s Secret) LogValue() slog.Value         { return slog.StringValue(hidden) }
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// AccountID is a Cloudflare account's id.
type AccountID string

func (a *AccountID) Decode(s string) error {
	return keep((*string)(a), s, madeOf(s, 64, letters+digits))
}

// AppID is a RealtimeKit app's id. "all" is a word of its own.
type AppID string

func (a *AppID) Decode(s string) error {
	return keep((*string)(a), s, madeOf(s, 128, letters+digits+"_-") && s[0] != '-' && s[0] != '_' && s != "all")
}

// ChannelID is a Slack channel's id.
type ChannelID string

func (c *ChannelID) Decode(s string) error {
	return keep((*string)(c), s, len(s) > 1 && strings.ContainsRune("CGD", rune(s[0])) && madeOf(s, 31, capitals+digits))
}

// BaseURL is the address below which an API's methods are. It ends in "/".
type BaseURL string

func (b *BaseURL) Decode(s string) error {
	u, err := url.Parse(s)
	// An empty query or fragment ("https://host/?") leaves no other trace.
	ok := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" &&
		u.User == nil && !strings.ContainsAny(s, "?#") && !strings.ContainsFunc(s, notVisible)
	return keep((*string)(b), strings.TrimSuffix(s, "/")+"/", ok)
}

// PageSize, Quota and Top are whole numbers with bounds.
type (
	PageSize int
	Quota    int
	Top      int
)

func (p *PageSize) Decode(s string) error { return keepInt((*int)(p), s, 1000) }
func (q *Quota) Decode(s string) error    { return keepInt((*int)(q), s, 1_000_000) }
func (t *Top) Decode(s string) error      { return keepInt((*int)(t), s, 100) }

// Lookback is a duration that is not negative.
type Lookback time.Duration

func (l *Lookback) Decode(s string) error {
	d, err := time.ParseDuration(s)
	return keep((*time.Duration)(l), d, err == nil && d >= 0 && d <= 90*24*time.Hour)
}

// Zone is an IANA time zone.
type Zone struct{ *time.Location }

func (z *Zone) Decode(s string) error {
	zone, err := period.LoadZone(s)
	return keep(&z.Location, zone, err == nil)
}

// Price is US dollars per participant-minute.
type Price float64

func (p *Price) Decode(s string) error {
	f, err := strconv.ParseFloat(s, 64)
	return keep((*float64)(p), f, err == nil && f >= 0 && f <= 1000 && !math.IsNaN(f))
}

// StateTable has to be empty for now: a table that is named and not used
// would promise what does not happen.
type StateTable string

func (t *StateTable) Decode(s string) error { return keep((*string)(t), s, s == "") }

// keep stores a value that is in order.
func keep[T any](to *T, value T, ok bool) error {
	if !ok {
		return errMalformed
	}
	*to = value
	return nil
}

func keepInt(to *int, s string, most int) error {
	n, err := strconv.Atoi(s)
	return keep(to, n, err == nil && n >= 1 && n <= most)
}

func notVisible(r rune) bool { return r <= ' ' || r > '~' }

// The characters of ids. Patterns would take longer to compile than all else
// that happens at the start.
const (
	digits   = "0123456789"
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	letters  = capitals + "abcdefghijklmnopqrstuvwxyz"
)

// madeOf reports whether s has 1 to most characters, all of them among those
// that are given.
func madeOf(s string, most int, characters string) bool {
	return s != "" && len(s) <= most && strings.Trim(s, characters) == ""
}
