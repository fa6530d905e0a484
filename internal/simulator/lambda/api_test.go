package lambda_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator/lambda"
)

// call is one request of a runtime that somebody else started.
func call(t *testing.T, runtime *lambda.Runtime, method, path, body string) (*http.Response, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, "http://"+runtime.Address()+"/2018-06-01/runtime/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Lambda-Runtime-Function-Error-Type", "FromTheHeader")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	return response, string(content)
}

type answered struct {
	result lambda.Result
	err    error
}

// pending starts an invocation in the background.
func pending(runtime *lambda.Runtime, event string, timeout time.Duration) <-chan answered {
	answers := make(chan answered, 1)
	go func() {
		result, err := invoke(runtime, event, timeout)
		answers <- answered{result, err}
	}()
	return answers
}

func TestProtocol(t *testing.T) {
	runtime := begin(t)
	answers := pending(runtime, ` {"a":1} `, 30*time.Second)
	before := time.Now()
	response, event := call(t, runtime, "GET", "invocation/next", "")
	id := response.Header.Get("Lambda-Runtime-Aws-Request-Id")
	deadline, err := strconv.ParseInt(response.Header.Get("Lambda-Runtime-Deadline-Ms"), 10, 64)
	left := time.UnixMilli(deadline).Sub(before)
	if response.StatusCode != 200 || event != ` {"a":1} ` || id == "" || err != nil || left < 29*time.Second || left > 40*time.Second {
		t.Fatalf("%d %q %v", response.StatusCode, event, response.Header)
	}
	steps := []struct {
		name, method, path, body string
		status                   int
		answer                   string
	}{
		{"unknown id", "POST", "invocation/other/response", `1`, 400, "InvalidRequestID"},
		{"unknown id of an error", "POST", "invocation/other/error", `{}`, 400, "InvalidRequestID"},
		{"wrong method", "PUT", "invocation/" + id + "/response", `1`, 405, ""},
		{"wrong path", "GET", "invocation/previous", ``, 404, ""},
		{"response", "POST", "invocation/" + id + "/response", `not JSON`, 202, `"status":"OK"`},
		{"second response", "POST", "invocation/" + id + "/response", `2`, 403, "InvalidStateTransition"},
		{"error afterwards", "POST", "invocation/" + id + "/error", `{}`, 403, "InvalidStateTransition"},
	}
	for _, step := range steps {
		if response, body := call(t, runtime, step.method, step.path, step.body); response.StatusCode != step.status || !strings.Contains(body, step.answer) {
			t.Errorf("%s: %d %s", step.name, response.StatusCode, body)
		}
	}
	if a := <-answers; a.err != nil || a.result.Failed || string(a.result.Payload) != "not JSON" {
		t.Errorf("got %+v", a)
	}
}

func TestPostedErrors(t *testing.T) {
	tests := []struct{ name, body, kind, message string }{
		{"type and message", `{"errorMessage":"m","errorType":"T","stackTrace":[]}`, "T", "m"},
		{"type from the header", `{"errorMessage":"m"}`, "FromTheHeader", "m"},
		{"no JSON", `oops`, "FromTheHeader", ""},
		{"empty", ``, "FromTheHeader", ""},
	}
	runtime := begin(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answers := pending(runtime, `{}`, 30*time.Second)
			response, _ := call(t, runtime, "GET", "invocation/next", "")
			call(t, runtime, "POST", "invocation/"+response.Header.Get("Lambda-Runtime-Aws-Request-Id")+"/error", test.body)
			a := <-answers
			if a.err != nil || !a.result.Failed || a.result.ErrorType != test.kind || a.result.ErrorMessage != test.message || string(a.result.Payload) != test.body {
				t.Errorf("got %+v", a)
			}
		})
	}
}

func TestInitErrorOfAStranger(t *testing.T) {
	runtime := begin(t)
	answers := pending(runtime, `{}`, 30*time.Second)
	time.Sleep(50 * time.Millisecond)
	if response, _ := call(t, runtime, "POST", "init/error", `{"errorMessage":"m","errorType":"T"}`); response.StatusCode != http.StatusAccepted {
		t.Errorf("status %d", response.StatusCode)
	}
	var unanswered *lambda.UnansweredError
	if a := <-answers; !errors.As(a.err, &unanswered) || unanswered.Type != "T" || !strings.HasSuffix(unanswered.Message, "Error: m") {
		t.Errorf("got %+v", a)
	}
}

// TestStrangerTimesOut: nobody can kill a process that was started elsewhere, but its invocation ends all the same, and
// what it says later is refused.
func TestStrangerTimesOut(t *testing.T) {
	runtime := begin(t)
	answers := pending(runtime, `{}`, 100*time.Millisecond)
	response, _ := call(t, runtime, "GET", "invocation/next", "")
	var unanswered *lambda.UnansweredError
	if a := <-answers; !errors.As(a.err, &unanswered) || unanswered.Type != "Sandbox.Timedout" {
		t.Errorf("got %+v", a)
	}
	late, _ := call(t, runtime, "POST", "invocation/"+response.Header.Get("Lambda-Runtime-Aws-Request-Id")+"/response", `{}`)
	if late.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", late.StatusCode)
	}
}

// TestOthersInvocation: nobody can answer what another process has taken.
func TestOthersInvocation(t *testing.T) {
	runtime := begin(t)
	reader, writer := io.Pipe()
	defer func() { _ = writer.Close() }()
	boot(t, runtime, "serve", writer)
	answers := pending(runtime, `{"do":"sleep","word":"1s"}`, 30*time.Second)
	lines := bufio.NewReader(reader)
	id, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	for _, kind := range []string{"response", "error"} {
		response, body := call(t, runtime, "POST", "invocation/"+strings.TrimSpace(id)+"/"+kind, `"stolen"`)
		if response.StatusCode != http.StatusBadRequest || !strings.Contains(body, "InvalidRequestID") {
			t.Errorf("%s: %d %s", kind, response.StatusCode, body)
		}
	}
	if a := <-answers; a.err != nil || a.result.Failed || !strings.Contains(string(a.result.Payload), "slept") {
		t.Errorf("got %+v", a)
	}
}

// TestPollerThatLeaves: an event is not given to somebody who has gone.
func TestPollerThatLeaves(t *testing.T) {
	runtime := begin(t)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+runtime.Address()+"/2018-06-01/runtime/invocation/next", nil)
	if err != nil {
		t.Fatal(err)
	}
	if response, err := http.DefaultClient.Do(request); err == nil {
		t.Errorf("got %s with nothing queued", response.Status)
	}
	time.Sleep(50 * time.Millisecond) // until the server has seen it
	boot(t, runtime, "serve", nil)
	if got, err := invoke(runtime, `{"do":"echo"}`, 10*time.Second); err != nil || got.Failed {
		t.Errorf("got %+v, %v", got, err)
	}
}
