package slack

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxBody is far above any message that could be accepted.
const maxBody = 1 << 20

// arguments are a call's arguments by name. What came as JSON and is no string
// is kept as its JSON, which is also how a form carries it.
type arguments map[string]string

func (a arguments) bool(name string) bool {
	on, _ := strconv.ParseBool(a[name])
	return on
}

// ServeHTTP answers one call of the API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := strings.TrimPrefix(r.URL.Path, "/api/")
	args, token, code := read(w, r)
	call, reply := s.begin(method, args["channel"])

	switch reply.kind {
	case replyHang:
		<-r.Context().Done()
		return
	case replyResetBefore:
		reset(w)
		return
	case replyStatus:
		s.finish(call, reply.status, "")
		page(w, reply.status)
		return
	case replyRefuse:
		s.send(w, call, refuse(reply.code, reply.messages...))
		return
	case replyRateLimit:
		s.send(w, call, rateLimited(reply.retryAfter))
		return
	}

	a := refuse(code)
	if code == "" {
		a = s.handle(method, args, token)
	}
	switch reply.kind {
	case replyHangAfter:
		<-r.Context().Done()
	case replyResetAfter:
		reset(w)
	case replyStatusAfter:
		s.finish(call, reply.status, "")
		page(w, reply.status)
	case replyTruncated:
		s.truncate(w, call, a)
	default:
		if reply.delay > 0 && !wait(r.Context(), reply.delay) {
			return
		}
		s.send(w, call, a)
	}
}

// begin records a call and takes the reply that is scripted for it.
func (s *Server) begin(method, channel string) (call int, reply Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, Call{Method: method, Channel: channel})
	if waiting := s.scripts[method]; len(waiting) > 0 {
		reply, s.scripts[method] = waiting[0], waiting[1:]
	}
	return len(s.calls) - 1, reply
}

// finish records how a call ended. It comes before the answer is written, so
// that whoever has the answer finds it in Calls.
func (s *Server) finish(call, status int, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[call].Status, s.calls[call].Error = status, code
}

func (s *Server) send(w http.ResponseWriter, call int, a answer) {
	body := encode(a)
	s.finish(call, a.status, a.code())
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if a.retryAfter != "" {
		w.Header().Set("Retry-After", a.retryAfter)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(body)
}

// truncate promises the whole answer and sends half of it. The server closes
// a connection on which less than was promised has been written.
func (s *Server) truncate(w http.ResponseWriter, call int, a answer) {
	body := encode(a)
	s.finish(call, a.status, a.code())
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(body[:len(body)/2])
}

func encode(a answer) []byte {
	body, err := json.Marshal(a.body)
	if err != nil {
		// Only JSON that somebody Put could be the cause.
		body = []byte(`{"ok":false,"error":"internal_error"}`)
	}
	return body
}

// handle does what the method does, once the caller is known to be allowed.
func (s *Server) handle(method string, args arguments, token string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	methods := map[string]func(arguments) answer{
		"auth.test":             s.authTest,
		"chat.postMessage":      s.postMessage,
		"chat.update":           s.update,
		"conversations.history": s.history,
	}
	run, ok := methods[method]
	switch {
	case !ok:
		return refuse("unknown_method")
	case token == "":
		return refuse("not_authed")
	case s.token == "" && !strings.HasPrefix(token, "xoxb-"), s.token != "" && token != s.token:
		return refuse("invalid_auth")
	}
	return run(args)
}

func (s *Server) authTest(arguments) answer {
	return done(map[string]any{
		"url": "https://simulator.slack.com/", "team": "Simulator", "team_id": TeamID,
		"user": "digest", "user_id": UserID, "bot_id": BotID, "is_enterprise_install": false,
	})
}

// read takes a call apart: its arguments and its token, or the error code for
// what is no call at all (docs.slack.dev, Web API: Evaluating responses). The
// token is in the header or in a posted form, never in JSON or in the URL.
func read(w http.ResponseWriter, r *http.Request) (args arguments, token, code string) {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		token = bearer
	}
	args = arguments{}
	for name, values := range r.URL.Query() {
		args[name] = values[0]
	}

	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return args, token, "invalid_form_data"
	}
	if len(body) == 0 {
		return args, token, ""
	}
	switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind {
	case "":
		return args, token, "missing_post_type"
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return args, token, "invalid_form_data"
		}
		for name, values := range form {
			args[name] = values[0]
		}
		if token == "" {
			token = form.Get("token")
		}
		return args, token, ""
	case "application/json":
		return args, token, readJSON(body, args)
	default:
		return args, token, "invalid_post_type"
	}
}

func readJSON(body []byte, args arguments) (code string) {
	var fields map[string]json.RawMessage
	err := json.Unmarshal(body, &fields)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType), err == nil && fields == nil:
		return "json_not_object"
	case err != nil:
		return "invalid_json"
	}
	for name, raw := range fields {
		var text string
		if string(raw) == "null" {
			continue
		}
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		args[name] = text
	}
	return ""
}
