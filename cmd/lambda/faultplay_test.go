package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator"
	"realtimekit-digest/internal/simulator/lambda"
	"realtimekit-digest/internal/simulator/realtimekit"
	"realtimekit-digest/internal/simulator/slack"
)

// The account of the fault table: so many ended sessions on so many pages.
const (
	faultSessions = 400
	faultPageSize = 50
	faultPages    = faultSessions / faultPageSize
	pagesBefore3  = 2 * faultPageSize // sessions on the pages before page 3
)

// faultAccount is the last sessions before the window's end, in the order in
// which the API lists them: the biggest consumers first.
var faultAccount = sync.OnceValue(func() []realtimekit.Session {
	var ended []realtimekit.Session
	for _, s := range slices.Backward(realtimekit.Generate(1, windowEnd, 3)) {
		if s.Status == realtimekit.Ended && len(ended) < faultSessions {
			ended = append(ended, s)
		}
	}
	slices.SortFunc(ended, func(a, b realtimekit.Session) int {
		x, _ := new(big.Rat).SetString(a.Minutes)
		y, _ := new(big.Rat).SetString(b.Minutes)
		if order := y.Cmp(x); order != 0 {
			return order
		}
		return strings.Compare(a.ID, b.ID)
	})
	return ended
})

// played is what became of one report.
type played struct {
	*program
	err      error // the test's own
	result   lambda.Result
	posted   []slack.Message
	requests []realtimekit.Request
}

// play makes one report under the fault. It may run beside others, so what
// fails is returned.
func (f fault) play(ctx context.Context, s situation) (p played) {
	p.program, p.err = f.start(ctx, s)
	if p.err != nil {
		return p
	}
	defer p.Close()
	timeout := time.Minute
	switch {
	case s == once || f.ends == permanent || f.ends[s] == complete || f.ends[s] == leftOut:
	case f.hangs:
		timeout = 16 * time.Second
	default:
		// Three quarters of it are for reading. The fourth try begins after at
		// most 4.4 s and the fifth after 5.6 s at the earliest, so that no try
		// is cut off by the end of the time, which would be another error.
		timeout = 7200 * time.Millisecond
	}
	p.result, p.err = p.Lambda.Invoke(ctx, []byte(daily), timeout)
	p.process.Stop()
	p.posted, p.requests = p.Slack.Messages(simulator.ChannelID), p.RealtimeKit.Requests()
	return p
}

// start starts the program in a world with the fault.
func (f fault) start(ctx context.Context, s situation) (*program, error) {
	var w simulator.World
	var errs [3]error
	w.RealtimeKit, errs[0] = realtimekit.Start(realtimekit.Config{
		AccountID: simulator.AccountID, AppID: simulator.AppID, Token: simulator.Token, Sessions: faultAccount(),
		Now: func() time.Time { return time.Now().Add(f.clock) },
	})
	w.Slack, errs[1] = slack.Start()
	w.Lambda, errs[2] = lambda.Start()
	p := &program{World: &w, logs: &lines{}}
	err := errors.Join(errs[:]...)
	if err == nil {
		w.Slack.SetToken(simulator.BotToken)
		env := w.Env("REALTIMEKIT_PAGE_SIZE=" + strconv.Itoa(faultPageSize))
		if f.shut {
			var address string
			address, err = shutAddress(ctx, s, p)
			env = append(env, "CLOUDFLARE_BASE_URL="+address)
		} else {
			f.set(w.RealtimeKit, s)
		}
		if err == nil {
			p.process, err = w.Lambda.Exec(ctx, os.Getenv(programVariable), env, p.logs)
		}
	}
	if err != nil {
		w.Close()
		return nil, err
	}
	return p, nil
}

// set sets the fault up.
func (f fault) set(s *realtimekit.Server, when situation) {
	fault := f.fault
	if f.row.Name != "" {
		fault = realtimekit.Row(0, f.row)
	}
	switch {
	case when == once:
		s.Fail(fault)
	case when == forGood && f.row.Name != "":
		s.Spoil(faultAccount()[0].ID, f.row)
	case when == forGood:
		s.FailAlways(fault)
	default:
		for page := 3; page <= 2*faultPages; page++ {
			s.FailPage(page, slices.Repeat([]realtimekit.Fault{fault}, 50)...)
		}
	}
}

// spoilt are the sessions whose rows the fault spoils.
func (f fault) spoilt(s situation) []realtimekit.Session {
	all := faultAccount()
	if s != fromPage3 {
		return all[:1]
	}
	var first []realtimekit.Session
	for i := pagesBefore3; i < len(all); i += faultPageSize {
		first = append(first, all[i])
	}
	return first
}

// shutAddress is an address of the program's RealtimeKit that refuses
// connections: until the report has begun and a first try was made (once), for
// good, or from when page 2 was answered. Where the system has a second
// loopback address the port is on that one, so that no other server gets it.
func shutAddress(ctx context.Context, s situation, p *program) (string, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp4", "127.0.0.2:0")
	if err != nil {
		listener, err = config.Listen(ctx, "tcp4", "127.0.0.1:0")
	}
	if err != nil {
		return "", err
	}
	address := listener.Addr().String()
	target, err := url.Parse(p.RealtimeKit.URL())
	if err != nil {
		return "", err
	}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: target.Scheme, Host: target.Host})
	second, answered := context.WithCancel(ctx)
	server := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page_no"))
		if s == fromPage3 && page >= 3 {
			<-second.Done()
			_ = listener.Close()
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Connection", "close") // so that the next request needs a connection of its own
		proxy.ServeHTTP(w, r)
		_ = http.NewResponseController(w).Flush()
		if page == 2 {
			answered()
		}
	})}
	context.AfterFunc(ctx, func() { answered(); _ = server.Close() })
	if s != fromPage3 {
		_ = listener.Close()
	}
	switch s {
	case fromPage3:
		go func() { _ = server.Serve(listener) }()
	case once:
		go func() {
			for !strings.Contains(p.logs.String(), "report begun") && ctx.Err() == nil {
				time.Sleep(10 * time.Millisecond)
			}
			time.Sleep(300 * time.Millisecond)
			if again, err := config.Listen(ctx, "tcp4", address); err == nil {
				_ = server.Serve(again)
			}
		}()
	}
	return "http://" + address + target.Path, nil
}

// check compares what became of a report with what should.
func (p played) check(t *testing.T, f fault, s situation) {
	if p.err != nil {
		t.Fatal(p.err)
	}
	if p.result.Failed {
		p.checkLogs(t, "")
	}
	if f.ends[s] == failed {
		p.checkFailed(t, f)
		return
	}
	if p.result.Failed || len(p.posted) != 1 {
		t.Fatalf("%d messages, want one: %s; its log:\n%s", len(p.posted), p.result.ErrorMessage, p.logs)
	}
	var o outcome
	if err := json.Unmarshal(p.result.Payload, &o); err != nil {
		t.Fatal(err)
	}
	p.checkLogs(t, o.Key)
	message := p.posted[0]
	counted, all := faultAccount(), realtimekit.Recount(faultAccount(), windowStart, windowEnd)
	checkSecrets(t, message.Text+string(message.Blocks))
	if strings.Contains(message.Text, "No session") || o.Sessions == 0 || o.Complete != (f.ends[s] == complete) {
		t.Errorf("complete is %t with %d sessions: %s", o.Complete, o.Sessions, message.Text)
	}
	switch f.ends[s] {
	case complete:
		checkFigures(t, o, message.Text, message.Blocks, all)
		if strings.Contains(message.Text+string(message.Blocks), "Incomplete: ") {
			t.Errorf("a complete report says that it is not: %s", message.Text)
		}
		if s == once && f.row.Name == "" && !f.shut {
			p.checkWait(t, f)
		}
		return
	case leftOut:
		spoilt := f.spoilt(s)
		counted = slices.DeleteFunc(slices.Clone(counted), func(s realtimekit.Session) bool {
			return slices.ContainsFunc(spoilt, func(o realtimekit.Session) bool { return o.ID == s.ID })
		})
	case partial:
		counted = counted[:pagesBefore3]
	}
	want := realtimekit.Recount(counted, windowStart, windowEnd)
	minutes, ok := new(big.Rat).SetString(o.Minutes.String())
	if !ok || o.Sessions != want.Sessions || o.Meetings != len(want.Meetings) || minutes.FloatString(2) != want.Minutes.FloatString(2) {
		t.Errorf("the outcome has %d sessions, %d meetings, %s minutes; want %d, %d, %s",
			o.Sessions, o.Meetings, o.Minutes, want.Sessions, len(want.Meetings), want.Minutes.FloatString(2))
	}
	says := fmt.Sprintf("Incomplete: %d of %d ended sessions counted", want.Sessions, want.Sessions+len(f.spoilt(s)))
	if f.ends[s] == partial {
		says = fmt.Sprintf("Incomplete: %d of %d ended sessions counted", want.Sessions, want.Sessions+faultSessions-pagesBefore3)
		rest := new(big.Rat).Sub(all.Minutes, want.Minutes)
		number, bound := boundOf(message.Text)
		if number != faultSessions-pagesBefore3 || new(big.Rat).SetInt64(bound).Cmp(rest) < 0 {
			t.Errorf("%d sessions used at most %d more, but %d used %s: %s", number, bound, faultSessions-pagesBefore3, rest.FloatString(2), message.Text)
		}
	}
	if first, _, _ := strings.Cut(message.Text, "\n"); !strings.Contains(first, says) || !strings.Contains(string(message.Blocks), says) {
		t.Errorf("the message does not say first %q:\n%s", says, message.Text)
	}
}

// checkFailed: nothing was posted, and the error says what to do.
func (p played) checkFailed(t *testing.T, f fault) {
	t.Helper()
	if !p.result.Failed || len(p.posted) != 0 || len(p.Slack.Calls()) != 0 {
		t.Fatalf("%d messages after %d calls of Slack, want an error: %s", len(p.posted), len(p.Slack.Calls()), p.result.Payload)
	}
	checkSecrets(t, p.result.ErrorMessage+string(p.result.Payload))
	for _, says := range append([]string{"report "}, f.says...) {
		if !strings.Contains(p.result.ErrorMessage, says) {
			t.Errorf("the error does not say %q: %s", says, p.result.ErrorMessage)
		}
	}
	if !strings.Contains(p.logs.String(), `"level":"ERROR"`) {
		t.Errorf("the log has no error:\n%s", p.logs)
	}
}

// checkWait: the second request came as late as the first one's answer asked
// for, by either clock.
func (p played) checkWait(t *testing.T, f fault) {
	t.Helper()
	if len(p.requests) < 1+faultPages || p.requests[0].Fault == "" {
		t.Fatalf("%d requests", len(p.requests))
	}
	if wait := p.requests[1].At.Sub(p.requests[0].At); wait < max(f.waits, 300*time.Millisecond) || !f.hangs && wait > 15*time.Second {
		t.Errorf("asked again after %s", wait)
	}
}

func checkSecrets(t *testing.T, text string) {
	t.Helper()
	for _, secret := range []string{simulator.Token, simulator.BotToken} {
		if strings.Contains(text, secret) {
			t.Errorf("the secret %s is in %s", secret, text)
		}
	}
}

var boundPattern = regexp.MustCompile(`the (\d+) sessions not read used at most ([\d,]+) more`)

// boundOf finds the bound in a message.
func boundOf(text string) (sessions int, minutes int64) {
	if m := boundPattern.FindStringSubmatch(text); m != nil {
		sessions, _ = strconv.Atoi(m[1])
		minutes, _ = strconv.ParseInt(strings.ReplaceAll(m[2], ",", ""), 10, 64)
	}
	return sessions, minutes
}
