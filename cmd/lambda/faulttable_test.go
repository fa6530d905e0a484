package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator"
	"realtimekit-digest/internal/simulator/realtimekit"
)

var update = flag.Bool("update", false, "write docs/faults.md")

// faultsFile is what TestFaultTable writes and compares.
const faultsFile = "../../docs/faults.md"

// fault is a row of the table: something that goes wrong, and what has to
// become of it.
type fault struct {
	name  string
	fault realtimekit.Fault    // of an answer
	row   realtimekit.RowFault // of one row of an answer, where it has a name
	clock time.Duration        // how far the server's clock is off
	shut  bool                 // the address refuses connections
	hangs bool                 // a try takes as long as it may
	waits time.Duration        // the least wait that it asks for

	ends [situations]ending
	says []string // parts of every error of this row
	todo string
}

// situation is when a fault happens.
type situation int

const (
	once      situation = iota // with the first request, then the service is well
	forGood                    // with every request
	fromPage3                  // with every request for page 3 or a later one
	situations
)

// ending is what becomes of a report.
type ending string

const (
	complete ending = "complete"   // one message, the figures are those of the recount
	failed   ending = "error"      // no message, an error that says what to do
	partial  ending = "partial"    // one message of the pages that were read, marked, with a bound on the rest
	leftOut  ending = "incomplete" // one message without the rows that cannot be trusted, marked
)

// What a person can do. A sentence each, for the table's last column.
const (
	doNothing = "Nothing: the report is complete."
	doToken   = "Give the token the Realtime permission for the account, or replace it."
	doIDs     = "Check `CLOUDFLARE_ACCOUNT_ID` and `REALTIMEKIT_APP_ID`."
	doNewer   = "Look for a newer version of this program: the API may have changed."
	doWait    = "Send the report again when Cloudflare's status page says that all is well."
	doQuota   = "Send the report again five minutes later. If it happens often, another program uses up the account's quota: lower `REALTIMEKIT_REQUESTS_PER_5_MINUTES`."
	doReach   = "Check `CLOUDFLARE_BASE_URL` and whether the function reaches the internet, then send the report again."
	doShape   = "Send the report again. If it stays, check `CLOUDFLARE_BASE_URL`, then look for a newer version of this program."
	doRow     = "Send the report again later; if it stays, look at the session in Cloudflare's dashboard. All other sessions are counted."
)

// The ways in which a fault ends, in the order of the situations.
var (
	passes    = [situations]ending{complete, failed, partial}
	tooLong   = [situations]ending{failed, failed, partial}
	permanent = [situations]ending{failed, failed, failed}
	malformed = [situations]ending{complete, failed, failed}
	oneRow    = [situations]ending{leftOut, leftOut, leftOut}
	harmless  = [situations]ending{complete, complete, complete}
)

// faultTable has every fault.
func faultTable() []fault {
	again := []string{"gave no usable answer", "send the report again"}
	shape := []string{"answered 200, but not with sessions", "CLOUDFLARE_BASE_URL"}
	refused := []string{"answered 200, but it says success:false", "send the report again"}
	second := realtimekit.TooManyRequestsSeconds(1)
	date := realtimekit.TooManyRequestsDate(time.Second)
	table := []fault{
		{name: "401", fault: realtimekit.Status(401), ends: permanent, says: []string{"(401,", "Realtime permission"}, todo: doToken},
		{name: "403", fault: realtimekit.Status(403), ends: permanent, says: []string{"(403,", "Realtime permission"}, todo: doToken},
		{name: "404", fault: realtimekit.Status(404), ends: permanent, says: []string{"(404,", "CLOUDFLARE_ACCOUNT_ID", "REALTIMEKIT_APP_ID"}, todo: doIDs},
		{name: "422", fault: realtimekit.Status(422), ends: permanent, says: []string{"(422:", "newer version"}, todo: doNewer},
	}
	for _, status := range []int{408, 409, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526} {
		says := append(slices.Clone(again), fmt.Sprintf("(%d", status))
		table = append(table, fault{name: fmt.Sprint(status), fault: realtimekit.Status(status), ends: passes, says: says, todo: doWait})
	}
	table = append(table,
		fault{name: "429 with `Retry-After` in seconds", fault: second, ends: passes, waits: time.Second, says: again, todo: doQuota},
		fault{name: "429 with `Retry-After` as a date", fault: date, ends: passes, waits: time.Second, says: again, todo: doQuota},
		fault{name: "429 with a date, Cloudflare's clock an hour ahead", fault: date, clock: time.Hour, ends: passes, waits: time.Second, says: again, todo: doQuota},
		fault{name: "429 with a date, Cloudflare's clock an hour behind", fault: date, clock: -time.Hour, ends: passes, waits: time.Second, says: again, todo: doQuota},
		fault{name: "429 without `Retry-After`", fault: realtimekit.Status(429), ends: passes, says: again, todo: doQuota},
		fault{name: "429 with `Retry-After` 300 s, more than the time that is left", fault: realtimekit.TooManyRequestsSeconds(300), ends: tooLong, says: again, todo: doQuota},
		fault{name: "connection refused", shut: true, ends: passes, says: append(slices.Clone(again), "refused"), todo: doReach},
		fault{name: "connection reset before the answer", fault: realtimekit.ResetBeforeAnswer(), ends: passes, says: again, todo: doWait},
		fault{name: "connection reset inside the answer", fault: realtimekit.ResetInsideBody(), ends: passes, says: again, todo: doWait},
		fault{name: "no answer at all", fault: realtimekit.HangBeforeAnswer(), hangs: true, ends: passes, says: append(slices.Clone(again), "no answer in time"), todo: doWait},
		fault{name: "an answer that stops half-way and hangs", fault: realtimekit.HangInsideBody(), hangs: true, ends: passes, says: append(slices.Clone(again), "no answer in time"), todo: doWait},
		fault{name: "JSON cut off, the length is that of the rest", fault: realtimekit.TruncatedShortLength(), ends: passes, says: again, todo: doWait},
		fault{name: "JSON cut off, the length is that of the whole", fault: realtimekit.TruncatedLongLength(), ends: passes, says: again, todo: doWait},
		fault{name: "a web page with 200", fault: realtimekit.HTMLWith200(), ends: malformed, says: append(slices.Clone(shape), "web page"), todo: doShape},
		fault{name: "200 without a body", fault: realtimekit.Empty200(), ends: malformed, says: append(slices.Clone(shape), "empty"), todo: doShape},
		fault{name: "`success:false` with 200, from the gateway", fault: realtimekit.GatewayFailureWith200(), ends: malformed, says: append(slices.Clone(refused), "Service temporarily unavailable"), todo: doWait},
		fault{name: "`success:false` with 200, from the service", fault: realtimekit.ServiceFailureWith200(), ends: malformed, says: append(slices.Clone(refused), "Internal Server Error"), todo: doWait},
		fault{name: "`result` instead of `data`", fault: realtimekit.ResultInsteadOfData(), ends: malformed, says: append(slices.Clone(shape), "result"), todo: doShape},
		fault{name: "`data` is an array", fault: realtimekit.DataArray(), ends: malformed, says: shape, todo: doShape},
		fault{name: "`sessions` is null", fault: realtimekit.SessionsNull(), ends: malformed, says: append(slices.Clone(shape), "null"), todo: doShape},
		fault{name: "a row's minutes are a bare NaN, which is not JSON", row: realtimekit.MinutesBareNaN(), ends: malformed, says: shape, todo: doShape},
	)
	for _, row := range []struct {
		name  string
		fault realtimekit.RowFault
	}{
		{"a row without minutes", realtimekit.MinutesMissing()},
		{"a row's minutes are null", realtimekit.MinutesNull()},
		{"a row's minutes are a word", realtimekit.MinutesWord()},
		{"a row's minutes are a number in quotes", realtimekit.MinutesNumericText()},
		{"a row's minutes are the text NaN", realtimekit.MinutesNaNText()},
		{"a row's minutes are negative", realtimekit.MinutesNegative()},
		{"a row's minutes are absurd", realtimekit.MinutesAbsurd()},
		{"a row without id", realtimekit.IDMissing()},
		{"a live session among the ended ones", realtimekit.StatusLive()},
		{"a session that ended before it started", realtimekit.EndedBeforeStarted()},
	} {
		table = append(table, fault{name: row.name, row: row.fault, ends: oneRow, todo: doRow})
	}
	return append(table, fault{name: "a title of 10 MB", row: realtimekit.TitleHuge(), ends: harmless, todo: doNothing})
}

// TestFaultTable runs the program under every fault in every situation, checks
// what becomes of the report, and keeps what a person sees in docs/faults.md.
// Nearly all of the time is spent waiting, so that many run at once; the
// longest wait is that for a try that is never answered.
func TestFaultTable(t *testing.T) {
	t.Parallel()
	table := faultTable()
	results := make([][situations]chan played, len(table))
	slots := make(chan struct{}, 24)
	for i, f := range table {
		for s := range situations {
			result := make(chan played, 1)
			results[i][s] = result
			go func() {
				if !f.hangs {
					slots <- struct{}{}
					defer func() { <-slots }()
				}
				result <- f.play(t.Context(), s)
			}()
		}
	}
	var doc faultDoc
	for i, f := range table {
		t.Run(f.name, func(t *testing.T) {
			var cells [situations]string
			for s, name := range []string{"once", "for good", "from page 3 on"} {
				p := <-results[i][s]
				t.Run(name, func(t *testing.T) { p.check(t, f, situation(s)) })
				cells[s] = doc.cell(f.ends[s], p.seen(f))
			}
			doc.row(f, cells)
		})
	}
	if t.Failed() {
		return
	}
	if *update {
		if err := os.WriteFile(faultsFile, doc.bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(faultsFile)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if got := doc.bytes(); !bytes.Equal(got, want) {
		t.Errorf("%s is not what is seen (run with -update to write it)\nis:\n%s\nseen:\n%s", faultsFile, linesOnlyIn(want, got), linesOnlyIn(got, want))
	}
}

// linesOnlyIn are the lines of a that b does not have.
func linesOnlyIn(a, b []byte) string {
	others := slices.Collect(strings.Lines(string(b)))
	return strings.Join(slices.DeleteFunc(slices.Collect(strings.Lines(string(a))), func(line string) bool { return slices.Contains(others, line) }), "")
}

// runDependent is what differs from run to run, and what stands for it.
var runDependent = []struct {
	pattern *regexp.Regexp
	name    string
}{
	{regexp.MustCompile(`report \S+ failed`), "report REPORT failed"},
	{regexp.MustCompile(regexp.QuoteMeta(simulator.AppID)), "APP"},
	{regexp.MustCompile(simulator.AccountID), "ACCOUNT"},
	{regexp.MustCompile(`\bpage \d+:`), "page N:"},
	{regexp.MustCompile(`after \d+ tr(y|ies)`), "after N tries"},
	{regexp.MustCompile(`(127\.0\.0\.\d:\d+->)?127\.0\.0\.\d:\d+`), "ADDRESS"},
	{regexp.MustCompile(`to wait [\dms]+`), "to wait TIME"},
	{regexp.MustCompile(`^RealtimeKit usage, [^:]*: `), ""},
}

// seen is what a person reads first, with names for what differs from run to
// run: the error, or the message's first line and its bound.
func (p played) seen(f fault) string {
	text := p.result.ErrorMessage
	if len(p.posted) > 0 {
		first, rest, _ := strings.Cut(p.posted[0].Text, "\n")
		text = first
		if bound := boundPattern.FindString(rest); bound != "" {
			text += " … " + bound + "."
		}
	}
	for _, d := range runDependent {
		text = d.pattern.ReplaceAllString(text, d.name)
	}
	if f.fault.Name == "status "+f.name {
		text = regexp.MustCompile(`\(`+f.name+`\b`).ReplaceAllString(text, "(STATUS")
	}
	return text
}

// faultDoc becomes docs/faults.md.
type faultDoc struct {
	rows             []string
	errors, messages []string // what is seen, each text once
}

// cell is an ending and the number of the text that goes with it.
func (d *faultDoc) cell(e ending, seen string) string {
	texts, letter := &d.messages, "M"
	switch e {
	case complete:
		return string(e)
	case failed:
		texts, letter = &d.errors, "E"
	}
	n := slices.Index(*texts, seen)
	if n < 0 {
		n = len(*texts)
		*texts = append(*texts, seen)
	}
	return fmt.Sprintf("%s %s%d", e, letter, n+1)
}

func (d *faultDoc) row(f fault, cells [situations]string) {
	d.rows = append(d.rows, fmt.Sprintf("| %s | %s | %s |\n", f.name, strings.Join(cells[:], " | "), f.todo))
}

func (d *faultDoc) bytes() []byte {
	var b bytes.Buffer
	b.WriteString(faultsIntro)
	b.WriteString("\n| fault | once | for good | from page 3 on | what to do |\n|---|---|---|---|---|\n")
	b.WriteString(strings.Join(d.rows, ""))
	b.WriteString(faultsErrors)
	for i, text := range d.errors {
		fmt.Fprintf(&b, "\n**E%d** `%s`\n", i+1, text)
	}
	b.WriteString(faultsMessages)
	for i, text := range d.messages {
		fmt.Fprintf(&b, "\n**M%d** `%s`\n", i+1, text)
	}
	return b.Bytes()
}

const faultsIntro = `# When RealtimeKit fails

What the digest does when the sessions API misbehaves, and what you see. The program's test writes this file: it runs the real function against a simulated
RealtimeKit under every fault below, so what stands here has happened. Nothing of it was tried on the live service.

Each fault is tried in three situations: it happens *once*, with the first request, and then all is well; it stays *for good*, from the first request on;
or it stays *from page 3 on*, when two pages have been read.

- **complete**: one message, and its figures are right.
- **error**: the function fails, nothing is posted, and the log has the error. There are never zeros instead of an error.
- **partial**: one message with what was read, marked "Incomplete", and how many participant-minutes the rest used at most.
- **incomplete**: one message, marked "Incomplete", without the sessions that cannot be trusted. They are not counted as zero.

What may pass is asked for again, first after about half a second, then after twice as long each time, and not before ` + "`Retry-After`" + ` where the answer has one.
A try is given up when it has not ended after 30 seconds. This goes on until the rest of the function's time is needed for posting: only what lasts that long is "for good".
A complete message needs nothing from you; the last column is about the other cells of its row.
`

const faultsErrors = `
## The errors

APP and ACCOUNT are your ids, REPORT is the report's key in the log; STATUS is the number in the table's first column. N, TIME and ADDRESS differ from run to run.
`

const faultsMessages = `
## The messages

The first line of each, without the date before it; a partial one goes on with the figures and the bound on the rest. The figures are those of the test, with 50 sessions a page.
LIMITED is what Cloudflare said (as in the errors above) or that the quota of so many requests per five minutes is used up.
`
