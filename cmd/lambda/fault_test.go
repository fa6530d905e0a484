package main

import (
	"strings"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator"
	"realtimekit-digest/internal/simulator/realtimekit"
	"realtimekit-digest/internal/simulator/slack"
)

const daily = `{"kind":"scheduled","scheduledTime":"2026-11-22T06:00:00Z"}`

// usage is enough for every window of these tests.
func usage() []realtimekit.Session { return realtimekit.Generate(1, moment, 5) }

// TestReadings: under every reading of the API, outcome, table and text agree
// with an independent recount, or the message says first that it is incomplete.
func TestReadings(t *testing.T) {
	data := usage()
	want := realtimekit.Recount(data, windowStart, windowEnd)
	for _, tc := range realtimekit.Readings() {
		t.Run(tc.Name, func(t *testing.T) {
			t.Parallel()
			p := run(t, data, tc.Reading)
			o := p.answer(t, []byte(daily))
			posted := p.Slack.Messages(simulator.ChannelID)
			if len(posted) != 1 {
				t.Fatalf("%d messages", len(posted))
			}
			text, _, _ := strings.Cut(posted[0].Text, "\n")
			if says := strings.Contains(text, "Incomplete: ") && strings.Contains(string(posted[0].Blocks), "Incomplete: "); says == o.Complete {
				t.Errorf("complete is %t, and the message begins %q", o.Complete, text)
			}
			if o.Complete {
				checkFigures(t, o, posted[0].Text, posted[0].Blocks, want)
			}
			p.checkLogs(t, o.Key)
		})
	}
}

// TestFaults: no fault that stays leads to a message, and so none to zeros.
// Most faults are in TestFaultTable; these have no line of their own there.
func TestFaults(t *testing.T) {
	data := usage()
	for _, fault := range []realtimekit.Fault{
		realtimekit.Status(400), realtimekit.DataNull(), realtimekit.DataMissing(), realtimekit.DataWithoutSessions(), realtimekit.SessionsObject(),
	} {
		t.Run(fault.Name, func(t *testing.T) {
			t.Parallel()
			p := run(t, data, realtimekit.Reading{})
			p.RealtimeKit.FailAlways(fault)
			result := p.invoke(t, []byte(daily), 6*time.Second)
			if !result.Failed || !strings.Contains(result.ErrorMessage, "report ") {
				t.Errorf("%s %s", result.Payload, result.ErrorMessage)
			}
			if n := len(p.Slack.Calls()); n != 0 {
				t.Errorf("%d calls of Slack", n)
			}
			p.checkLogs(t, "")
			if !strings.Contains(p.logs.String(), `"level":"ERROR"`) {
				t.Errorf("the log has no error:\n%s", p.logs)
			}
			t.Log(result.ErrorMessage)
		})
	}
}

// TestSlackFaults: one message or none, and an error that says which.
func TestSlackFaults(t *testing.T) {
	data := usage()
	for _, tc := range []struct {
		name     string
		set      func(*slack.Server)
		messages int
		says     string // of the error; empty for success
	}{
		{"native blocks refused", func(s *slack.Server) { s.RefuseNative(true) }, 1, ""},
		{"tables refused", func(s *slack.Server) { s.RefuseNative(true); s.RefuseTables(true) }, 1, ""},
		{"rate limited once", func(s *slack.Server) { s.Script("chat.postMessage", slack.RateLimit("1")) }, 1, ""},
		{"not in the channel", func(s *slack.Server) { s.SetChannel(simulator.ChannelID, slack.NotMember) }, 0, "/invite"},
		{"no such channel", func(s *slack.Server) { s.SetChannel(simulator.ChannelID, slack.Unknown) }, 0, "SLACK_CHANNEL_ID"},
		{"archived", func(s *slack.Server) { s.SetChannel(simulator.ChannelID, slack.Archived) }, 0, "archived"},
		{"another token", func(s *slack.Server) { s.SetToken("xoxb-another") }, 0, "SLACK_BOT_TOKEN"},
		{"answer lost", func(s *slack.Server) { s.Script("chat.postMessage", slack.ResetAfter()) }, 1, "the outcome is unknown"},
		{"500 after acceptance", func(s *slack.Server) { s.Script("chat.postMessage", slack.StatusAfter(500)) }, 1, "the outcome is unknown"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := run(t, data, realtimekit.Reading{})
			tc.set(p.Slack)
			result := p.invoke(t, []byte(daily), time.Minute)
			if result.Failed != (tc.says != "") || !strings.Contains(result.ErrorMessage, tc.says) {
				t.Errorf("%s %s", result.Payload, result.ErrorMessage)
			}
			if n := len(p.Slack.Messages(simulator.ChannelID)); n != tc.messages {
				t.Errorf("%d messages, want %d", n, tc.messages)
			}
			p.checkLogs(t, "")
		})
	}
}

// TestWithoutSlack: a report can be seen before there is a Slack app, and
// posting says what is missing before RealtimeKit is asked.
func TestWithoutSlack(t *testing.T) {
	for _, tc := range []struct{ name, event, unset, says string }{
		{"dry run without a token", `{"dryRun":true,"scheduledTime":"2026-11-22T06:00:00Z"}`, "SLACK_BOT_TOKEN=", ""},
		{"dry run without a channel", `{"dryRun":true,"scheduledTime":"2026-11-22T06:00:00Z"}`, "SLACK_CHANNEL_ID=", ""},
		{"posting without a token", daily, "SLACK_BOT_TOKEN=", "SLACK_BOT_TOKEN"},
		{"posting without a channel", daily, "SLACK_CHANNEL_ID=", "SLACK_CHANNEL_ID"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := run(t, usage(), realtimekit.Reading{}, tc.unset)
			result := p.invoke(t, []byte(tc.event), time.Minute)
			if result.Failed != (tc.says != "") || !strings.Contains(result.ErrorMessage, tc.says) {
				t.Errorf("%s %s", result.Payload, result.ErrorMessage)
			}
			if tc.says != "" && len(p.RealtimeKit.Requests()) != 0 {
				t.Errorf("%d requests to RealtimeKit in vain", len(p.RealtimeKit.Requests()))
			}
		})
	}
	p := run(t, usage(), realtimekit.Reading{}, "SLACK_CHANNEL_ID=")
	o := p.answer(t, []byte(`{"channelId":"C0987654321","scheduledTime":"2026-11-22T06:00:00Z"}`))
	if o.Channel != "C0987654321" || len(p.Slack.Messages("C0987654321")) != 1 {
		t.Errorf("the event's channel: %+v", o)
	}
}

// TestBadEvents: bad input is an error and changes nothing.
func TestBadEvents(t *testing.T) {
	p := run(t, usage(), realtimekit.Reading{})
	for event, says := range map[string]string{
		`{"periodd":"yesterday"}`:             `unknown field "periodd"`,
		`{"period":"fortnight"}`:              `period "fortnight"`,
		`{"version":2}`:                       "version 2",
		`{"kind":"cron"}`:                     `kind "cron"`,
		`{"appId":"a,b"}`:                     "appId",
		`{"channelId":"#general"}`:            "channelId",
		`{"timezone":"Mars/Olympus"}`:         "timezone",
		`{"scheduledTime":"tomorrow"}`:        "scheduledTime",
		`{"source":"aws.s3"}`:                 "aws.s3",
		`[1]`:                                 "not a JSON object",
		`"yesterday"`:                         "not a JSON object",
		`{"period":"2026-11-01..2027-11-01"}`: "period",
		`{"period":"2026-11-23","scheduledTime":"2026-11-22T06:00:00Z"}`: "has not begun",
	} {
		result := p.invoke(t, []byte(event), time.Minute)
		if !result.Failed || !strings.Contains(result.ErrorMessage, says) {
			t.Errorf("%s: %s %s", event, result.Payload, result.ErrorMessage)
		}
	}
	if len(p.RealtimeKit.Requests())+len(p.Slack.Calls()) != 0 {
		t.Error("a bad event led to requests")
	}
	if o := p.answer(t, []byte(daily)); o.Status != "posted" {
		t.Errorf("after bad events: %+v", o)
	}
	p.checkLogs(t, "")
}

// TestStart: what is wrong with the environment is told at once and ends the
// start.
func TestStart(t *testing.T) {
	p := run(t, nil, realtimekit.Reading{}, "CLOUDFLARE_API_TOKEN=", "CLOUDFLARE_ACCOUNT_ID=not-an-id!", "REALTIMEKIT_APP_ID=a,b", "SLACK_BOT_TOKEN=ssm:/slack/token", "REPORT_TOP=1000")
	if code := p.process.ExitCode(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	log := p.logs.String()
	if strings.Count(log, "\n") != 1 {
		t.Errorf("not one line:\n%s", log)
	}
	for _, name := range []string{"CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID", "REALTIMEKIT_APP_ID", "SLACK_BOT_TOKEN", "REPORT_TOP"} {
		if !strings.Contains(log, name+" is ") {
			t.Errorf("the error does not name %s:\n%s", name, log)
		}
	}
	for _, value := range []string{"not-an-id!", "ssm:/slack", "1000\""} {
		if strings.Contains(log, value) {
			t.Errorf("the error holds the value %s", value)
		}
	}
}
