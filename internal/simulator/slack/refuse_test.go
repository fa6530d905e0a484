package slack_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"realtimekit-digest/internal/simulator/slack"
)

func rep(n int) string { return strings.Repeat("a", n) }

func sections(lengths ...int) string {
	var blocks []string
	for _, n := range lengths {
		blocks = append(blocks, fmt.Sprintf(`{"type":"section","text":{"type":"plain_text","text":%q}}`, rep(n)))
	}
	return "[" + strings.Join(blocks, ",") + "]"
}

const (
	table     = `{"type":"table","rows":[[{"type":"raw_text","text":"a"}]]}`
	chart     = `{"type":"data_visualization","title":"a","chart":{"type":"pie","segments":[{"label":"a","value":1}]}}`
	native    = `{"type":"data_table","caption":"a","rows":[[{"type":"raw_text","text":"a"}],[{"type":"raw_number","value":1}]]}`
	divider   = `{"type":"divider"}`
	container = `{"type":"container","title":{"type":"plain_text","text":"a"},"child_blocks":[` + table + `]}`
)

// Every refusal of chat.postMessage and chat.update, with its error code and,
// where there is one, the pointer in its message; a refusal changes nothing.
func TestRefusals(t *testing.T) {
	t.Parallel()
	object := func(n int) string { // metadata of n bytes
		s := `{"event_type":"e","event_payload":{"k":""}}`
		return strings.Replace(s, `""`, `"`+rep(n-len(s))+`"`, 1)
	}
	cases := []struct {
		name, text, blocks, metadata string
		post, update                 string // error codes, "" for none
		pointer                      string
	}{
		{name: "text", text: "a"},
		{name: "blocks alone", blocks: sections(1)},
		{name: "nothing", post: "no_text", update: "no_text"},
		{name: "empty blocks", blocks: "[]", post: "no_text", update: "no_text"},
		{name: "null blocks", blocks: "null", post: "no_text", update: "no_text"},
		{name: "text of 4,000", text: rep(4000)},
		{name: "text of 4,001", text: rep(4001), update: "msg_too_long"},
		{name: "text of 40,000", text: rep(40000), update: "msg_too_long"},
		{name: "text of 40,001", text: rep(40001), post: "msg_too_long", update: "msg_too_long"},
		{name: "blocks that are no JSON", text: "a", blocks: "[", post: "invalid_blocks_format", update: "invalid_blocks_format"},
		{name: "blocks that are an object", text: "a", blocks: "{}", post: "invalid_blocks_format", update: "invalid_blocks_format"},
		{name: "a block that is null", text: "a", blocks: "[null]", post: "invalid_blocks", update: "invalid_blocks", pointer: "/blocks/0"},
		{name: "a bad block", text: "a", blocks: sections(3000, 3001), post: "invalid_blocks", update: "invalid_blocks", pointer: "/blocks/1/text/text"},
		{name: "51 blocks", text: "a", blocks: "[" + strings.Repeat(divider+",", 50) + divider + "]", post: "invalid_blocks", update: "invalid_blocks", pointer: "/blocks"},
		{name: "two tables", text: "a", blocks: "[" + table + "," + native + "]", post: "invalid_blocks", update: "invalid_blocks", pointer: "/blocks/1"},
		{name: "12,999 characters", text: "a", blocks: sections(3000, 3000, 3000, 3000, 999)},
		{name: "13,250 characters", text: "a", blocks: sections(3000, 3000, 3000, 3000, 1250), post: "msg_blocks_too_long", update: "msg_blocks_too_long"},
		{name: "too many characters, one block too long", text: "a", blocks: sections(3000, 3000, 3000, 3000, 3001), post: "invalid_blocks", update: "invalid_blocks", pointer: "/blocks/4/text/text"},
		{name: "metadata", text: "a", metadata: `{"event_type":"e","event_payload":{"s":"a","n":1,"b":true}}`},
		{name: "metadata of 1,024 bytes", text: "a", metadata: object(1024)},
		{name: "metadata of 1,025 bytes", text: "a", metadata: object(1025), post: "metadata_too_large", update: "metadata_too_large"},
		{name: "metadata that is no JSON", text: "a", metadata: `{`, post: "invalid_metadata_format", update: "invalid_metadata_format"},
		{name: "metadata that is empty", text: "a", metadata: `{}`, post: "invalid_metadata_format"},
		{name: "metadata without a type", text: "a", metadata: `{"event_type":"","event_payload":{}}`, post: "invalid_metadata_format", update: "invalid_metadata_format"},
		{name: "metadata with a type that is a number", text: "a", metadata: `{"event_type":1,"event_payload":{}}`, post: "invalid_metadata_format", update: "invalid_metadata_format"},
		{name: "metadata without a payload", text: "a", metadata: `{"event_type":"e","event_payload":null}`, post: "invalid_metadata_format", update: "invalid_metadata_format"},
		{name: "metadata with a list", text: "a", metadata: `{"event_type":"e","event_payload":[]}`, post: "invalid_metadata_format", update: "invalid_metadata_format"},
		{name: "metadata that is not flat", text: "a", metadata: `{"event_type":"e","event_payload":{"k":{}}}`, post: "invalid_metadata_format", update: "invalid_metadata_format"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			ts := mustPost(t, s, "before")
			args := []string{"channel", channel, "ts", ts}
			for name, value := range map[string]string{"text": c.text, "blocks": c.blocks, "metadata": c.metadata} {
				if value != "" {
					args = append(args, name, value)
				}
			}
			for method, want := range map[string]string{"chat.postMessage": c.post, "chat.update": c.update} {
				before := len(s.Messages(channel))
				got := form(t, s, method, args...)
				if got.Error != want {
					t.Errorf("%s: got error %q (%q), want %q", method, got.Error, got.Metadata.Messages, want)
				}
				if want == "" {
					continue
				}
				if len(s.Messages(channel)) != before || method == "chat.update" && s.Messages(channel)[0].Edited {
					t.Errorf("%s: refused, and yet something changed", method)
				}
				checkPointer(t, got, c.pointer)
			}
		})
	}
}

func checkPointer(t *testing.T, got reply, pointer string) {
	t.Helper()
	messages := got.Metadata.Messages
	if pointer == "" {
		if len(messages) != 0 {
			t.Errorf("got messages %q, want none", messages)
		}
		return
	}
	if len(messages) != 1 || !strings.HasPrefix(messages[0], "[ERROR] ") || !strings.HasSuffix(messages[0], " [json-pointer:"+pointer+"]") {
		t.Errorf("got messages %q, want one that points at %s", messages, pointer)
	}
	if len(got.Errors) != 1 || "[ERROR] "+got.Errors[0] != messages[0] {
		t.Errorf("got errors %q, want the messages without their level", got.Errors)
	}
}

func TestWorkspacesThatRefuse(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name           string
		native, tables bool
		blocks         string
		pointer        string // "" for accepted
	}{
		{"everything is taken", false, false, "[" + native + "," + chart + "]", ""},
		{"no data_table", true, false, "[" + divider + "," + native + "]", "/blocks/1/type"},
		{"no chart", true, false, "[" + chart + "]", "/blocks/0/type"},
		{"table is taken", true, false, "[" + table + "]", ""},
		{"no table", false, true, "[" + table + "]", "/blocks/0/type"},
		{"no table in a container", false, true, "[" + container + "]", "/blocks/0/child_blocks/0/type"},
		{"without tables no data_table", false, true, "[" + native + "]", "/blocks/0/type"},
		{"sections are always taken", true, true, sections(10), ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.RefuseNative(c.native)
			s.RefuseTables(c.tables)
			got := form(t, s, "chat.postMessage", "channel", channel, "text", "a", "blocks", c.blocks)
			if got.OK != (c.pointer == "") || !got.OK && got.Error != "invalid_blocks" {
				t.Errorf("got error %q", got.Error)
			}
			checkPointer(t, got, c.pointer)

			s.RefuseNative(false)
			s.RefuseTables(false)
			if got := form(t, s, "chat.postMessage", "channel", channel, "text", "a", "blocks", c.blocks); !got.OK {
				t.Errorf("after that: got error %q, want none", got.Error)
			}
		})
	}
}

func TestChannels(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, channel string
		set           bool
		state         slack.ChannelState
		write, read   string
	}{
		{"public", "C0123456789", false, 0, "", ""},
		{"private", "G8PSS9T3V", false, 0, "", ""},
		{"direct", "D0123456789", false, 0, "", ""},
		{"missing", "", false, 0, "invalid_arguments", "invalid_arguments"},
		{"name", "#general", false, 0, "channel_not_found", "channel_not_found"},
		{"name without its hash", "general", false, 0, "channel_not_found", "channel_not_found"},
		{"person", "U0123456789", false, 0, "channel_not_found", "channel_not_found"},
		{"lower case", "c0123456789", false, 0, "channel_not_found", "channel_not_found"},
		{"too short", "C0123456", false, 0, "channel_not_found", "channel_not_found"},
		{"with a space behind", "C0123456789 ", false, 0, "channel_not_found", "channel_not_found"},
		{"made known", "U0123456789", true, slack.Member, "", ""},
		{"unknown", "C0123456789", true, slack.Unknown, "channel_not_found", "channel_not_found"},
		{"not a member", "C0123456789", true, slack.NotMember, "not_in_channel", "not_in_channel"},
		{"public and not a member", "C0123456789", true, slack.WriteOnly, "", "not_in_channel"},
		{"archived", "C0123456789", true, slack.Archived, "is_archived", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			ts := s.Put(slack.Message{Channel: c.channel, BotID: slack.BotID, Text: "before"})
			if c.set {
				s.SetChannel(c.channel, c.state)
			}
			for method, want := range map[string]string{
				"chat.postMessage": c.write, "chat.update": c.write, "conversations.history": c.read,
			} {
				if got := form(t, s, method, "channel", c.channel, "ts", ts, "text", "a").Error; got != want {
					t.Errorf("%s: got error %q, want %q", method, got, want)
				}
			}
		})
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	const formType, jsonType = "application/x-www-form-urlencoded", "application/json; charset=utf-8"
	cases := []struct {
		name, only, contentType, header, body string
		method, want                          string
	}{
		{"in the form", "", formType, "", "token=xoxb-1", "auth.test", ""},
		{"in the header", "", "", "Bearer xoxb-1", "", "auth.test", ""},
		{"in the header, JSON body", "", jsonType, "Bearer xoxb-1", "{}", "auth.test", ""},
		{"in the URL", "", "", "", "", "auth.test?token=xoxb-1", "not_authed"},
		{"in the URL with a form", "", formType, "", "text=a", "auth.test?token=xoxb-1", "not_authed"},
		{"in the JSON", "", jsonType, "", `{"token":"xoxb-1"}`, "auth.test", "not_authed"},
		{"in the header without a scheme", "", "", "xoxb-1", "", "auth.test", "not_authed"},
		{"missing", "", formType, "", "text=a", "auth.test", "not_authed"},
		{"of another kind", "", formType, "", "token=xoxp-1", "auth.test", "invalid_auth"},
		{"the only one", "secret", formType, "", "token=secret", "auth.test", ""},
		{"another than the only one", "secret", formType, "", "token=xoxb-1", "auth.test", "invalid_auth"},
		{"missing where there is only one", "secret", formType, "", "", "auth.test", "not_authed"},
		{"missing for a method that does not exist", "", formType, "", "", "chat.nothing", "unknown_method"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			s.SetToken(c.only)
			if got := send(t, s, c.method, c.contentType, c.header, c.body).Error; got != c.want {
				t.Errorf("got error %q, want %q", got, c.want)
			}
			if calls, _ := json.Marshal(s.Calls()); strings.Contains(string(calls), "xoxb") || strings.Contains(string(calls), "secret") {
				t.Errorf("the token is on record: %s", calls)
			}
		})
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	const bearer = "Bearer xoxb-1"
	cases := []struct{ name, contentType, body, want string }{
		{"JSON", "application/json", `{"channel":"C0123456789","text":"a","blocks":` + sections(1) + `,"metadata":{"event_type":"e","event_payload":{}},"mrkdwn":true,"thread_ts":null}`, ""},
		{"JSON with blocks as a string", "application/json", `{"channel":"C0123456789","text":"a","blocks":"[{\"type\":\"divider\"}]"}`, ""},
		{"JSON cut short", "application/json", `{"channel":`, "invalid_json"},
		{"JSON that is a list", "application/json", `[]`, "json_not_object"},
		{"JSON that is null", "application/json", `null`, "json_not_object"},
		{"form", "application/x-www-form-urlencoded; charset=utf-8", "channel=C0123456789&text=a%20b", ""},
		{"form that cannot be read", "application/x-www-form-urlencoded", "channel=%zz", "invalid_form_data"},
		{"form too large", "application/x-www-form-urlencoded", "channel=" + rep(1<<20), "invalid_form_data"},
		{"no type", "", "channel=C0123456789&text=a", "missing_post_type"},
		{"another type", "text/xml", "<channel/>", "invalid_post_type"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			if got := send(t, s, "chat.postMessage", c.contentType, bearer, c.body).Error; got != c.want {
				t.Errorf("got error %q, want %q", got, c.want)
			}
			if n := len(s.Messages(channel)); (n == 1) != (c.want == "") {
				t.Errorf("got %d messages", n)
			}
		})
	}
}
