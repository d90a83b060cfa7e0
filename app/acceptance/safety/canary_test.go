package safety

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

// canaries are words of which each belongs to one connection.
var canaries = regexp.MustCompile(`canary-(\d+)-\d+`)

// singer is one kept-alive connection, in an organization of its own: whatever comes back to it with a canary has to be its own.
type singer struct {
	*instance.Client
	number  int
	tenant  string
	tokens  instance.Tokens
	hook    string
	http    *http.Client
	random  *rand.Rand
	waiting []sung
}

// sung is an execution that has to end with the canary that began it.
type sung struct{ execution, canary string }

// TestNoByteOfOneRequestShowsInAnother lets many connections send words in the path, the query, headers, cookies and bodies, and
// looks for those of others in all that comes back, in what goes on after the answer, and in what is stored. TEST_CANARIES says
// how many requests are sent.
func TestNoByteOfOneRequestShowsInAnother(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t, "server.connections_per_address=4096")
	random, requests, connections := rand.New(rand.NewPCG(instance.Seed(t), 0)), instance.Number(t, "TEST_CANARIES", 1000), 10
	if requests >= 1_000_000 {
		connections = 200
	}
	singers := make([]*singer, connections)
	for n := range singers {
		singers[n] = newSinger(i, n, rand.New(rand.NewPCG(random.Uint64(), 1)))
	}
	var all sync.WaitGroup
	for _, s := range singers {
		all.Go(func() {
			for n := range requests / connections {
				// An access token lives for a quarter of an hour; not all are exchanged at the same moment.
				if (n+s.number)%exchangedAfter == exchangedAfter-1 {
					s.Must(s.Call("POST", "auth/refresh", map[string]string{"refresh_token": s.tokens.RefreshToken}), 200, &s.tokens)
					s.Token = s.tokens.AccessToken
				}
				if err := s.sing(); err != nil {
					t.Errorf("connection %d: %v", s.number, err)
					return
				}
			}
			if err := s.settle(0); err != nil {
				t.Errorf("connection %d: %v", s.number, err)
			}
		})
	}
	all.Wait()
	for line := range strings.SplitSeq(i.Output.String(), "\n") {
		if found := canaries.FindAllStringSubmatch(line, -1); len(found) > 1 && found[0][1] != found[len(found)-1][1] {
			t.Errorf("a line of the log mixes requests: %s", line)
		}
	}
	i.Stop()
	for _, s := range singers {
		own := fmt.Sprintf("canary-%d-", s.number)
		for what, query := range map[string]string{
			"assets": "SELECT count(*) FROM t_asset WHERE name LIKE 'canary%%' AND tenant_id = '%s' AND name NOT LIKE '%s%%'",
			"ledger": "SELECT count(*) FROM t_ledger WHERE tenant_id = '%s' AND (user_agent || object || changes || resource_id) LIKE '%%canary-%%' AND (user_agent || object || changes || resource_id) NOT LIKE '%%%s%%'",
		} {
			if strays := i.Count(fmt.Sprintf(query, s.tenant, own)); strays != 0 {
				t.Errorf("%d rows of %s in the organization of connection %d hold words of others", strays, what, s.number)
			}
		}
	}
}

// exchangedAfter is how many requests a connection sends with one access token.
const exchangedAfter = 300

func newSinger(i *instance.Instance, place int, random *rand.Rand) *singer {
	i.T.Helper()
	s := &singer{Client: i.As("owner@acme"), number: place, random: random,
		http: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxConnsPerHost: 1, MaxIdleConnsPerHost: 1}}}
	var made instance.Tenant
	s.Must(s.Call("POST", "tenants", map[string]any{"name": fmt.Sprint("Choir ", place)}), 201, &made)
	s.tenant = made.ID
	s.Must(s.Call("POST", "tenants/"+made.ID+"/switch", nil), 200, &s.tokens)
	s.Token = s.tokens.AccessToken
	s.hook = "/hooks/" + made.Slug + "/in"
	// The code takes a while in another process, in which the connection goes on; what came with the request is read after it.
	came := "{{ $('hook').first().json."
	s.Publish("Echo", []any{instance.Node("hook", "trigger.webhook", map[string]any{"path": "in", "auth": "none", "respond": "at_once"}),
		instance.Node("slow", "code", map[string]any{"source": "return [{json: {}}]"}),
		instance.Node("echo", "set", map[string]any{"assignments": []any{
			map[string]any{"name": "header", "value": came + "headers['x-canary'] }}"},
			map[string]any{"name": "agent", "value": came + "headers['user-agent'] }}"},
			map[string]any{"name": "query", "value": came + "query.canary }}"},
			map[string]any{"name": "body", "value": came + "body.canary }}"}}})}, instance.Chain("hook", "slow", "echo"))
	return s
}

// sing sends one request with a new canary.
func (s *singer) sing() error {
	canary := fmt.Sprintf("canary-%d-%d", s.number, s.random.Uint64())
	switch s.random.IntN(6) {
	case 0:
		answer, err := s.send("POST", s.hook+"?canary="+canary, map[string]any{"canary": canary}, canary, http.StatusAccepted)
		if err != nil {
			return err
		}
		var started struct{ Data struct{ ID string } }
		if err := json.Unmarshal(answer, &started); err != nil {
			return err
		}
		s.waiting = append(s.waiting, sung{started.Data.ID, canary})
		return s.settle(8) // until then other requests reuse what this one was read into
	case 1:
		_, err := s.send("GET", "/api/v1/assets?limit=20&search="+canary, nil, canary, http.StatusOK)
		return err
	case 2:
		answer, err := s.send("POST", "/api/v1/assets", map[string]any{"name": canary}, canary, http.StatusCreated)
		if err == nil && !bytes.Contains(answer, []byte(`"name":"`+canary+`"`)) {
			err = fmt.Errorf("what was made as %s came back as %s", canary, answer)
		}
		return err
	case 3:
		_, err := s.send("GET", "/api/v1/assets/"+canary, nil, canary, http.StatusNotFound)
		return err
	case 4:
		_, err := s.send("GET", "/api/v1/assets?sort_by="+canary, nil, canary, http.StatusBadRequest)
		return err
	}
	answer, err := s.send("POST", "/api/v1/assets", map[string]any{canary: canary}, canary, http.StatusUnprocessableEntity)
	if err == nil && !bytes.Contains(answer, []byte(canary)) {
		err = fmt.Errorf("the refusal of the field %s says %s", canary, answer)
	}
	return err
}

// echoed is how often the output of the workflow holds a canary: from two headers, the query and the body.
const echoed = 4

// settle looks at the executions that wait, except for so many of the newest.
func (s *singer) settle(but int) error {
	for len(s.waiting) > but {
		one := s.waiting[0]
		var e struct {
			Data instance.Execution
		}
		for e.Data.Status != "succeeded" {
			answer, err := s.send("GET", "/api/v1/executions/"+one.execution, nil, one.canary, http.StatusOK)
			if err == nil {
				err = json.Unmarshal(answer, &e)
			}
			if err != nil {
				return err
			}
			if e.Data.Status == "failed" {
				return fmt.Errorf("the execution of %s failed: %s", one.canary, answer)
			}
		}
		output := e.Data.Nodes[len(e.Data.Nodes)-1].Output["main"]
		found := strings.Join(canaries.FindAllString(string(output), -1), " ")
		if found != strings.TrimSpace(strings.Repeat(one.canary+" ", echoed)) {
			return fmt.Errorf("the execution of %s ended with %s", one.canary, output)
		}
		s.waiting = s.waiting[1:]
	}
	return nil
}

// send asks over the connection, with the canary in a header, a cookie and the name of the agent, and looks at all of the answer.
func (s *singer) send(method, path string, body any, canary string, status int) ([]byte, error) {
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, s.Instance.URL+path, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "X-Canary": {canary}, "User-Agent": {canary},
		"Cookie": {"canary=" + canary}, "Authorization": {"Bearer " + s.Token}}
	response, err := s.http.Do(request)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil {
		return nil, err
	}
	if response.StatusCode != status {
		return nil, fmt.Errorf("%s %s answers %d %s", method, path, response.StatusCode, answer)
	}
	for _, found := range canaries.FindAllSubmatch(fmt.Append(answer, response.Header), -1) {
		if string(found[1]) != fmt.Sprint(s.number) {
			return nil, fmt.Errorf("%s %s shows %s: %s", method, path, found[0], answer)
		}
	}
	return answer, nil
}
