package slack_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Whatever is sent, the answer is 200 and JSON with ok or an error, and what
// is accepted can be read back.
func FuzzServer(f *testing.F) {
	const form, object = "application/x-www-form-urlencoded", "application/json"
	f.Add("chat.postMessage", form, "channel=C0123456789&text=a&blocks=[]&metadata={}")
	f.Add("chat.postMessage", object, `{"channel":"C0123456789","blocks":[{"type":"divider"}],"metadata":{"event_type":"e","event_payload":{}}}`)
	f.Add("chat.update", object, `{"channel":"C0123456789","ts":"1763791203.000100","text":"b","metadata":{}}`)
	f.Add("conversations.history", form, "channel=C0123456789&oldest=1&latest=2.5&limit=3&cursor=YWZ0ZXI6MQ==")
	f.Add("auth.test", "text/plain", "\x00")
	f.Fuzz(func(t *testing.T, method, contentType, body string) {
		s := start(t)
		mustPost(t, s, "a")
		call := func(method, body string) map[string]any {
			r := httptest.NewRequest(http.MethodPost, "/api/x", strings.NewReader(body))
			r.URL.Path = "/api/" + method
			r.Header.Set("Content-Type", contentType)
			r.Header.Set("Authorization", "Bearer "+token)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			var answer map[string]any
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
				t.Fatalf("got %d %s: %v", w.Code, w.Body, err)
			}
			return answer
		}
		answer := call(method, body)
		if code, _ := answer["error"].(string); (answer["ok"] == true) != (code == "") || code == "internal_error" {
			t.Errorf("got %v", answer)
		}
		contentType = "application/json"
		if answer := call("conversations.history", `{"channel":"C0123456789"}`); answer["ok"] != true {
			t.Errorf("history: got %v", answer)
		}
	})
}
