package node

import (
	"io"
	"net/http"
	"strings"
)

// Exchange is a request that failed and what was answered, for the person who looks for the cause.
type Exchange struct {
	Request Message `json:"request"`
	// Answer is nil where none came.
	Answer *Message `json:"answer"`
}

// Message is one half of an exchange. Bodies are cut after what a person reads.
type Message struct {
	Method  string            `json:"method,omitempty"`
	URL     string            `json:"url,omitempty"`
	Status  int               `json:"status,omitempty"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

const (
	// keptBody is what is kept of a body until secrets are taken out, which would be missed where they are cut in two.
	keptBody  = 64 << 10
	shownBody = 8 << 10
	masked    = "•••"
)

// credentials are the headers that show who somebody is, by parts of their names.
var credentials = []string{"authorization", "cookie", "api-key", "apikey", "token", "secret", "password", "signature"}

// exchangeOf keeps a request, and its answer where one came.
func exchangeOf(r *http.Request, secret string, answer *http.Response, body []byte) *Exchange {
	e := &Exchange{Request: Message{Method: r.Method, URL: r.URL.Redacted(), Headers: shownHeaders(r.Header, secret)}}
	if r.GetBody != nil {
		if sent, err := r.GetBody(); err == nil {
			text, _ := io.ReadAll(io.LimitReader(sent, keptBody)) // what is in memory can be read
			e.Request.Body = string(text)
		}
	}
	if answer != nil {
		e.Answer = &Message{
			Status:  answer.StatusCode,
			Headers: shownHeaders(answer.Header, ""),
			Body:    string(body[:min(len(body), keptBody)]),
		}
	}
	return e
}

// shownHeaders are headers without what they would give away. The one that authenticates is secret whatever its name.
func shownHeaders(headers http.Header, secret string) map[string]string {
	shown := map[string]string{}
	for name, values := range headers {
		shown[name] = strings.Join(values, ", ")
		for _, part := range credentials {
			if strings.Contains(strings.ToLower(name), part) || strings.EqualFold(name, secret) {
				shown[name] = masked
			}
		}
	}
	return shown
}

// Clean gives the exchange with every text as clean gives it, and bodies cut to what a person reads.
func (e *Exchange) Clean(clean func(text string) string) *Exchange {
	if e == nil {
		return nil
	}
	part := func(m Message) Message {
		out := Message{Method: m.Method, URL: clean(m.URL), Status: m.Status, Headers: map[string]string{}}
		for name, text := range m.Headers {
			out.Headers[clean(name)] = clean(text)
		}
		out.Body = strings.ToValidUTF8(clean(m.Body), "\uFFFD")
		if len(out.Body) > shownBody {
			out.Body = strings.ToValidUTF8(out.Body[:shownBody], "") + "…"
		}
		return out
	}
	cleaned := &Exchange{Request: part(e.Request)}
	if e.Answer != nil {
		answer := part(*e.Answer)
		cleaned.Answer = &answer
	}
	return cleaned
}
