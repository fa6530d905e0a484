package slack_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator/slack"
)

func TestUpdate(t *testing.T) {
	t.Parallel()
	const meta, other = `{"event_type":"e","event_payload":{"k":"1"}}`, `{"event_type":"e","event_payload":{"k":"2"}}`
	cases := []struct {
		name                   string
		args                   []string
		text, blocks, metadata string
	}{
		{"text alone removes the blocks", []string{"text", "new"}, "new", "", meta},
		{"text with empty blocks too", []string{"text", "new", "blocks", "[]"}, "new", "", meta},
		{"blocks alone remove the text", []string{"blocks", sections(2)}, "", sections(2), meta},
		{"both", []string{"text", "new", "blocks", sections(2)}, "new", sections(2), meta},
		{"metadata anew", []string{"text", "new", "metadata", other}, "new", "", other},
		{"metadata removed", []string{"text", "new", "metadata", "{}"}, "new", "", ""},
		{"metadata empty stays", []string{"text", "new", "metadata", ""}, "new", "", meta},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			mustPost(t, s, "older")
			ts := mustPost(t, s, "old", "blocks", sections(1), "metadata", meta)
			got := form(t, s, "chat.update", append([]string{"channel", channel, "ts", ts}, c.args...)...)
			if !got.OK || got.TS != ts {
				t.Fatalf("got error %q and ts %q, want %q", got.Error, got.TS, ts)
			}
			if strings.Contains(string(got.Message), `"metadata"`) != (c.metadata != "") {
				t.Errorf("got message %s, want its metadata in it", got.Message)
			}
			m := s.Messages(channel)[1]
			if m.TS != ts || m.Text != c.text || string(m.Blocks) != c.blocks || string(m.Metadata) != c.metadata || !m.Edited {
				t.Errorf("got %+v with blocks %s and metadata %s", m, m.Blocks, m.Metadata)
			}
			if m := s.Messages(channel)[0]; m.Text != "older" || m.Edited {
				t.Errorf("the other message: got %+v", m)
			}
		})
	}
}

func TestUpdateRefuses(t *testing.T) {
	t.Parallel()
	s := start(t)
	own := mustPost(t, s, "own")
	person := s.Put(slack.Message{Channel: channel, Text: "hello"})
	bot := s.Put(slack.Message{Channel: channel, BotID: "B0OTHER", Text: "hello"})
	cases := []struct{ name, channel, ts, want string }{
		{"nobody's", channel, "1763791203.000999", "message_not_found"},
		{"in another channel", "C9876543210", own, "message_not_found"},
		{"a person's", channel, person, "cant_update_message"},
		{"another bot's", channel, bot, "cant_update_message"},
		{"no ts", channel, "", "invalid_arguments"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := form(t, s, "chat.update", "channel", c.channel, "ts", c.ts, "text", "a").Error; got != c.want {
				t.Errorf("got error %q, want %q", got, c.want)
			}
		})
	}
}

// Five messages at the seconds 1 to 5, not put in that order.
func TestHistoryWindow(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, i := range []int{3, 1, 2, 5, 4} {
		s.Put(slack.Message{Channel: channel, Text: fmt.Sprint(i), TS: fmt.Sprintf("%d.000000", i)})
	}
	cases := []struct {
		name string
		args []string
		want string
		more bool
	}{
		{"everything, newest first", nil, "54321", false},
		{"after oldest", []string{"oldest", "2"}, "543", false},
		{"after oldest with decimals", []string{"oldest", "1.999999"}, "5432", false},
		{"from oldest", []string{"oldest", "2.000000", "inclusive", "1"}, "5432", false},
		{"before latest", []string{"latest", "4"}, "321", false},
		{"until latest", []string{"latest", "4.0", "inclusive", "true"}, "4321", false},
		{"between", []string{"oldest", "1", "latest", "5"}, "432", false},
		{"between, both included", []string{"oldest", "2", "latest", "4", "inclusive", "1"}, "432", false},
		{"nothing", []string{"oldest", "5"}, "", false},
		{"limit takes the newest", []string{"limit", "2"}, "54", true},
		{"limit with latest takes those closest to it", []string{"limit", "2", "latest", "5", "oldest", "1"}, "43", true},
		{"limit with oldest alone takes those closest to it", []string{"limit", "2", "oldest", "1"}, "32", true},
		{"limit just reached", []string{"limit", "5"}, "54321", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := form(t, s, "conversations.history", append([]string{"channel", channel}, c.args...)...)
			if texts(got) != c.want || got.HasMore != c.more || (got.Metadata.NextCursor != "") != c.more || !got.OK {
				t.Errorf("got %q, more %t and error %q, want %q", texts(got), got.HasMore, got.Error, c.want)
			}
		})
	}
	for _, args := range [][]string{nil, {"oldest", "0"}} {
		t.Run(fmt.Sprintf("page by page %v", args), func(t *testing.T) {
			seen, cursor := map[string]bool{}, ""
			for range 3 {
				got := form(t, s, "conversations.history", append([]string{"channel", channel, "limit", "2", "cursor", cursor}, args...)...)
				for _, m := range got.Messages {
					seen[m.Text] = true
				}
				if cursor = got.Metadata.NextCursor; got.HasMore != (cursor != "") {
					t.Errorf("got more %t and cursor %q", got.HasMore, cursor)
				}
			}
			if len(seen) != 5 || cursor != "" {
				t.Errorf("got %v and cursor %q, want all five", seen, cursor)
			}
		})
	}
}

func texts(r reply) string {
	var b strings.Builder
	for _, m := range r.Messages {
		b.WriteString(m.Text)
	}
	return b.String()
}

func TestHistoryRefuses(t *testing.T) {
	t.Parallel()
	s := start(t)
	cursor := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	cases := []struct{ name, arg, value, want string }{
		{"limit 0", "limit", "0", "invalid_arguments"},
		{"limit 1", "limit", "1", ""},
		{"limit 999", "limit", "999", ""},
		{"limit 1000", "limit", "1000", "invalid_arguments"},
		{"limit a word", "limit", "many", "invalid_arguments"},
		{"oldest a date", "oldest", "2026-11-22", "invalid_ts_oldest"},
		{"oldest negative", "oldest", "-1", "invalid_ts_oldest"},
		{"oldest with seven decimals", "oldest", "1.0000001", "invalid_ts_oldest"},
		{"oldest only decimals", "oldest", ".5", "invalid_ts_oldest"},
		{"oldest in nanoseconds", "oldest", "1763791203000000000", "invalid_ts_oldest"},
		{"latest a word", "latest", "now", "invalid_ts_latest"},
		{"cursor no base64", "cursor", "?", "invalid_cursor"},
		{"cursor of something else", "cursor", cursor("user:U1"), "invalid_cursor"},
		{"cursor of another side", "cursor", cursor("beside:1.5"), "invalid_cursor"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := form(t, s, "conversations.history", "channel", channel, c.arg, c.value).Error; got != c.want {
				t.Errorf("got error %q, want %q", got, c.want)
			}
		})
	}
}

// A page has 15 messages at most, whatever is asked for.
func TestHistoryPageIsSmall(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 16 {
		s.Put(slack.Message{Channel: channel, Text: "a"})
	}
	for _, limit := range []string{"", "100"} {
		got := form(t, s, "conversations.history", "channel", channel, "limit", limit)
		if len(got.Messages) != 15 || !got.HasMore {
			t.Errorf("limit %q: got %d messages, more %t", limit, len(got.Messages), got.HasMore)
		}
	}
}

func TestHistoryMessages(t *testing.T) {
	t.Parallel()
	s := start(t)
	const meta = `{"event_type":"e","event_payload":{"k":"1"}}`
	own := mustPost(t, s, "own", "blocks", sections(1), "metadata", meta)
	s.Put(slack.Message{Channel: channel, Text: "person", Blocks: []byte(`[{"type":"from_the_future"}]`)})
	mustPost(t, s, "edited")
	form(t, s, "chat.update", "channel", channel, "ts", s.Messages(channel)[2].TS, "text", "edited")

	for _, all := range []string{"0", "1"} {
		got := form(t, s, "conversations.history", "channel", channel, "include_all_metadata", all)
		if len(got.Messages) != 3 {
			t.Fatalf("got %d messages, want 3", len(got.Messages))
		}
		mine, person, edited := got.Messages[2], got.Messages[1], got.Messages[0]
		if mine.TS != own || mine.BotID != slack.BotID || string(mine.Blocks) != sections(1) || mine.Edited != nil {
			t.Errorf("own: got %+v", mine)
		}
		if want := map[string]string{"0": "", "1": meta}[all]; string(mine.Metadata) != want {
			t.Errorf("include_all_metadata %s: got metadata %q, want %q", all, mine.Metadata, want)
		}
		if mine.User != slack.UserID || person.User != "" {
			t.Errorf("got users %q and %q", mine.User, person.User)
		}
		if person.BotID != "" || !strings.Contains(string(person.Blocks), "from_the_future") || person.Metadata != nil {
			t.Errorf("person's: got %+v", person)
		}
		if edited.Edited == nil || edited.Blocks != nil {
			t.Errorf("edited: got %+v", edited)
		}
	}
}

// What was Put and cannot be written ends in an error, not in a broken answer.
func TestHistoryOfBrokenJSON(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Put(slack.Message{Channel: channel, Blocks: []byte(`[`)})
	if got := form(t, s, "conversations.history", "channel", channel).Error; got != "internal_error" {
		t.Errorf("got error %q", got)
	}
}

func TestTimestamps(t *testing.T) {
	t.Parallel()
	t.Run("count from a fixed one", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		for _, want := range []string{"1763791203.000100", "1763791204.000100", "1763791205.000100"} {
			if got := mustPost(t, s, "a"); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
	})
	t.Run("follow the clock and always grow", func(t *testing.T) {
		t.Parallel()
		s, now := start(t), time.UnixMicro(1795327205_123456)
		s.SetClock(func() time.Time { return now })
		want := []string{"1795327205.123456", "1795327205.123457", "1795327205.123458"}
		for i := range want {
			if i == 2 {
				now = now.Add(-time.Hour)
			}
			if got := mustPost(t, s, "a"); got != want[i] {
				t.Errorf("got %q, want %q", got, want[i])
			}
		}
	})
	t.Run("are unique under load", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		var wait sync.WaitGroup
		for range 20 {
			wait.Go(func() { form(t, s, "chat.postMessage", "channel", channel, "text", "a") })
		}
		wait.Wait()
		var all []string
		for _, m := range s.Messages(channel) {
			all = append(all, m.TS)
		}
		if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != 20 {
			t.Errorf("got %q", all)
		}
	})
}

func TestEnforceRate(t *testing.T) {
	t.Parallel()
	s, now := start(t), time.Unix(1795327205, 0)
	s.SetClock(func() time.Time { return now })
	s.EnforceRate(true)
	steps := []struct {
		name    string
		after   time.Duration
		channel string
		text    string
		want    string
	}{
		{"the first", 0, channel, "a", ""},
		{"at once", 0, channel, "a", "ratelimited"},
		{"in another channel", 0, "C9876543210", "a", ""},
		{"almost a second later", 999 * time.Millisecond, channel, "a", "ratelimited"},
		{"a second later", time.Millisecond, channel, "a", ""},
		{"a refused one", time.Second, channel, "", "no_text"},
		{"which does not count", 0, channel, "a", ""},
	}
	for _, step := range steps {
		now = now.Add(step.after)
		if got := form(t, s, "chat.postMessage", "channel", step.channel, "text", step.text).Error; got != step.want {
			t.Errorf("%s: got error %q, want %q", step.name, got, step.want)
		}
	}
	if last := s.Calls()[1]; last.Status != http.StatusTooManyRequests {
		t.Errorf("got %+v, want status 429", last)
	}
	s.EnforceRate(false)
	mustPost(t, s, "a")
}
