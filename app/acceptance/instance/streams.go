package instance

import (
	"bufio"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Stream opens a stream of events, and gives a channel that tells when it ends: with the number of signs of life that came
// while nothing happened, one in five seconds.
func (c *Client) Stream(path string) (ended chan int) {
	c.Instance.T.Helper()
	request, err := http.NewRequest("GET", c.Instance.URL+Address(path), nil)
	if err != nil {
		c.Instance.T.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.Token)
	response, err := Transport.Do(request)
	if err != nil {
		c.Instance.T.Fatal(err)
	}
	if response.StatusCode != 200 {
		c.Instance.T.Fatalf("the stream answers %d", response.StatusCode)
	}
	lines := bufio.NewScanner(response.Body)
	if !lines.Scan() {
		c.Instance.T.Fatal("the stream says nothing")
	}
	ended = make(chan int, 1)
	go func() {
		defer response.Body.Close()
		beats := 0
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), ":") {
				beats++
			}
		}
		ended <- beats
	}()
	return ended
}

// Told gives the events of the organization that reach the client, up to the first one about the row last.
func (c *Client) Told(last string) string {
	c.Instance.T.Helper()
	request, err := http.NewRequest("GET", c.Instance.URL+Address("events/stream?after=0"), nil)
	if err != nil {
		c.Instance.T.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.Token)
	response, err := Transport.Do(request)
	if err != nil {
		c.Instance.T.Fatal(err)
	}
	defer response.Body.Close()
	var told strings.Builder
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if told.WriteString(lines.Text() + "\n"); strings.Contains(lines.Text(), last) {
			return told.String()
		}
	}
	c.Instance.T.Fatalf("the events ended with %d: %s", response.StatusCode, told.String())
	return ""
}

// ExpectEnd waits for the end of a stream that nobody may follow any longer. A stream that was not ended on purpose lives
// on for ten signs of life.
func ExpectEnd(t testing.TB, ended chan int) {
	t.Helper()
	select {
	case beats := <-ended:
		if beats > 5 {
			t.Errorf("the stream ends after %d signs of life", beats)
		}
	case <-time.After(Patience):
		t.Error("the stream lives on")
	}
}
