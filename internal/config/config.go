// Package config is the program's environment: every variable that it reads,
// what it may look like and what it is when nothing is said. It is read once,
// at the start; whatever is wrong is told in one error.
package config

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/kelseyhightower/envconfig"
)

// Config is the environment. The tag "looks" is what a person is told who
// left a variable out or wrote it wrong.
type Config struct {
	// Role selects what this function does.
	Role Role `envconfig:"FUNCTION_ROLE" default:"digest" looks:"digest; no other role is supported yet"`

	// CloudflareToken is the API token that reads the sessions.
	CloudflareToken Secret `envconfig:"CLOUDFLARE_API_TOKEN" required:"true" looks:"an API token with the Realtime permission, alone and without quotes or spaces; references (ssm:NAME) are not supported yet"`
	// AccountID is the Cloudflare account that the app belongs to.
	AccountID AccountID `envconfig:"CLOUDFLARE_ACCOUNT_ID" required:"true" looks:"the account's id, letters and digits only"`
	// AppID is the RealtimeKit app that is reported on when an event names none.
	AppID AppID `envconfig:"REALTIMEKIT_APP_ID" required:"true" looks:"one app id (letters, digits, '-' and '_'); several ids and \"all\" are not supported yet"`
	// CloudflareURL is the base of Cloudflare's API.
	CloudflareURL BaseURL `envconfig:"CLOUDFLARE_BASE_URL" default:"https://api.cloudflare.com/client/v4/" looks:"an http or https address without user, query or fragment"`
	// PageSize is how many rows are asked for per page.
	PageSize PageSize `envconfig:"REALTIMEKIT_PAGE_SIZE" default:"100" looks:"a whole number from 1 to 1000"`
	// Quota is how many requests the program may send in any five minutes.
	Quota Quota `envconfig:"REALTIMEKIT_REQUESTS_PER_5_MINUTES" default:"1200" looks:"a whole number from 1 to 1000000"`
	// Lookback is how much earlier than the window a counted session may have
	// started.
	Lookback Lookback `envconfig:"SESSION_LOOKBACK" default:"48h" looks:"a duration from 0s to 2160h, such as 48h"`

	// SlackToken is the bot token that posts. Without it only dry runs work.
	SlackToken Secret `envconfig:"SLACK_BOT_TOKEN" looks:"the app's bot token (xoxb-…), alone and without quotes or spaces; references (ssm:NAME) are not supported yet"`
	// ChannelID is where a report is posted when an event names no channel.
	ChannelID ChannelID `envconfig:"SLACK_CHANNEL_ID" looks:"a channel's id such as C0123456789 (C…, G… or D…), not its name"`
	// SlackURL is the base of Slack's API.
	SlackURL BaseURL `envconfig:"SLACK_API_URL" default:"https://slack.com/api/" looks:"an http or https address without user, query or fragment"`

	// Zone is the time zone whose days are reported when an event names none.
	Zone Zone `envconfig:"REPORT_TIMEZONE" default:"UTC" looks:"an IANA time zone such as Europe/Berlin"`
	// Top is the number of meetings on the first page of the table.
	Top Top `envconfig:"REPORT_TOP" default:"10" looks:"a whole number from 1 to 100"`
	// PriceAudioVideo and PriceAudioOnly are US dollars per participant-minute
	// for the estimate of the cost; 0 in both hides it.
	PriceAudioVideo Price `envconfig:"PRICE_AUDIO_VIDEO" default:"0.002" looks:"US dollars per participant-minute from 0 to 1000, such as 0.002"`
	PriceAudioOnly  Price `envconfig:"PRICE_AUDIO_ONLY" default:"0.0005" looks:"US dollars per participant-minute from 0 to 1000, such as 0.0005"`

	// StateTable is reserved for the record of deliveries.
	StateTable StateTable `envconfig:"STATE_TABLE" looks:"empty; deliveries are not recorded yet"`
}

// Load reads the environment. A variable that is set to nothing counts as not
// set. The error names every variable that is missing or malformed and what
// it should look like, and no variable's value.
func Load() (Config, error) {
	var c Config
	var problems []string
	spec := reflect.ValueOf(&c).Elem()
	for i := range spec.NumField() {
		if err := load(spec.Type().Field(i), spec.Field(i)); err != nil {
			problems = append(problems, err.Error())
		}
	}
	if problems != nil {
		return Config{}, fmt.Errorf("the environment cannot be used: %s", strings.Join(problems, "; "))
	}
	return c, nil
}

// load reads one variable. envconfig stops at the first that is wrong, so it
// is asked for one at a time.
func load(field reflect.StructField, value reflect.Value) error {
	name, fallback := field.Tag.Get("envconfig"), field.Tag.Get("default")
	var err error
	if set, ok := os.LookupEnv(name); ok && set == "" {
		// envconfig would hand the nothing on instead of the default.
		if fallback != "" {
			err = value.Addr().Interface().(envconfig.Decoder).Decode(fallback)
		} else if field.Tag.Get("required") != "" {
			return fmt.Errorf("%s is missing: it should be %s", name, field.Tag.Get("looks"))
		}
	} else {
		one := reflect.New(reflect.StructOf([]reflect.StructField{field}))
		err = envconfig.Process("", one.Interface())
		value.Set(one.Elem().Field(0))
	}
	var malformed *envconfig.ParseError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &malformed):
		return fmt.Errorf("%s is malformed: it should be %s", name, field.Tag.Get("looks"))
	}
	return fmt.Errorf("%s is missing: it should be %s", name, field.Tag.Get("looks"))
}

// Variables are the names of all variables, in the order of Config.
func Variables() []string {
	var names []string
	for field := range reflect.TypeFor[Config]().Fields() {
		names = append(names, field.Tag.Get("envconfig"))
	}
	return names
}
