package instance

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// Encode is the JSON of a value.
func Encode(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

// Client is a person with a token, or nobody without one.
type Client struct {
	Instance *Instance
	Token    string
}

// As signs a person in, such as "editor@acme". The first time it is the session that the prepared data has for them, which
// spares the test the hash of a password.
func (i *Instance) As(who string) *Client {
	i.T.Helper()
	path, body := "auth/login", map[string]string{"email": who + ".test", "password": Password}
	i.mutex.Lock()
	if token := i.refresh[who]; token != "" {
		delete(i.refresh, who)
		path, body = "auth/refresh", map[string]string{"refresh_token": token}
	}
	i.mutex.Unlock()
	c := &Client{Instance: i}
	var out struct {
		AccessToken string `json:"access_token"`
	}
	c.Must(c.Call("POST", path, body), 200, &out)
	c.Token = out.AccessToken
	return c
}

// Reply is an answer over HTTP.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// Code is the error's code, empty for a success.
func (r Reply) Code() string {
	var envelope struct {
		Error struct{ Code string }
	}
	_ = json.Unmarshal(r.Body, &envelope)
	return envelope.Error.Code
}

// Transport sends the requests of all clients. It follows no redirect.
var Transport = &http.Client{Timeout: time.Minute,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Call sends a request; a path without a slash before it is one of the API. Body is text, bytes, or a value for JSON.
func (c *Client) Call(method, path string, body any, headers ...string) Reply {
	c.Instance.T.Helper()
	r, err := c.Try(method, path, body, headers...)
	if err != nil {
		c.Instance.T.Fatal(err)
	}
	if err := answers.check(c.Instance, method, Address(path), r); err != nil {
		c.Instance.T.Error(err)
	}
	return r
}

// Address is a path as it is requested: one without a slash before it is one of the API.
func Address(path string) string {
	if strings.HasPrefix(path, "/") {
		return path
	}
	return "/api/v1/" + path
}

// Try is Call for a request that may fail, such as one to an instance that is killed. It does not hold the answer to the document.
func (c *Client) Try(method, path string, body any, headers ...string) (Reply, error) {
	var text []byte
	switch b := body.(type) {
	case nil:
	case string:
		text = []byte(b)
	case []byte:
		text = b
	default:
		var err error
		if text, err = json.Marshal(b); err != nil {
			return Reply{}, err
		}
	}
	request, err := http.NewRequestWithContext(context.Background(), method, c.Instance.URL+Address(path), bytes.NewReader(text))
	if err != nil {
		return Reply{}, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	for j := 0; j+1 < len(headers); j += 2 {
		if request.Header.Set(headers[j], headers[j+1]); headers[j] == "Host" {
			request.Host = headers[j+1]
		}
	}
	via := c.Instance.HTTP
	if via == nil {
		via = Transport
	}
	response, err := via.Do(request)
	if err != nil {
		return Reply{}, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return Reply{response.StatusCode, response.Header, answer}, err
}

// Must reads the data of an answer that has to have the status.
func (c *Client) Must(r Reply, status int, data any) {
	c.Instance.T.Helper()
	if r.Status != status {
		c.Instance.T.Fatalf("status %d, want %d: %s", r.Status, status, r.Body)
	}
	if data == nil {
		return
	}
	envelope := struct{ Data any }{data}
	if err := json.Unmarshal(r.Body, &envelope); err != nil {
		c.Instance.T.Fatalf("%v: %s", err, r.Body)
	}
}
