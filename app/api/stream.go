package api

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/flow"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// heartbeat keeps proxies from closing a quiet stream, and finds clients that left.
const heartbeat = 5 * time.Second

// events streams what happens in the organization from now on, or after the entry that the client saw last: each entry
// of a kind that the person may read, named by its action. The person is recognized anew each time, so that the stream ends
// with the session and follows the role.
func (a *API) events(r *edge.Request, p *people.Person) (*edge.Response, error) {
	if p.Tenant.ID == "" {
		return nil, fault.New(fault.Forbidden, "You are no member of an organization.")
	}
	after, err := lastSeen(r)
	if err != nil {
		if after, err = p.Head(); err != nil {
			return nil, err
		}
	}
	tenant := p.Tenant.ID
	return a.stream(r, func(w *bufio.Writer) (<-chan struct{}, bool, error) {
		changed := a.kernel.Changed()
		p, err := a.recognize(r)
		if err != nil || p.Tenant.ID != tenant {
			return nil, false, err
		}
		entries, err := p.Since(after, resource.MostRows)
		for _, e := range entries {
			after = e.Seq
			kind, ok := a.kernel.Kind(e.Kind)
			if e.Result != resource.Success || !ok || !p.MayOn(kind.Spec(), resource.Get, e.ResourceID, e.WorkspaceID) {
				continue
			}
			fmt.Fprintf(w, "id: %d\nevent: change\ndata: {\"type\":%q,\"kind\":%q,\"id\":%q}\n\n", e.Seq, e.Action, e.Kind, e.ResourceID)
		}
		return changed, len(entries) == resource.MostRows, err
	}), nil
}

// lastSeen is the number of the event that the client saw last.
func lastSeen(r *edge.Request) (int64, error) {
	seen := r.Header.Get("Last-Event-ID")
	if seen == "" {
		seen = r.Query.Get("after")
	}
	return strconv.ParseInt(seen, 10, 64)
}

// stream answers server-sent events: send writes what is new and gives the channel that is closed when there is more, or
// nil at the end, and tells whether there is more at once. It is called after every commit, so that it can end the stream of
// somebody who may follow no longer. The stream ends when the client leaves, the server stops, or its
// life is over; the client then comes again with the number of its last event.
func (a *API) stream(r *edge.Request, send func(w *bufio.Writer) (changed <-chan struct{}, more bool, err error)) *edge.Response {
	response := edge.NewResponse(http.StatusOK, "text/event-stream", nil)
	response.Header.Set("X-Accel-Buffering", "no") // or nginx as it comes holds events back
	response.Stream = func(w *bufio.Writer) error {
		end := time.NewTimer(edge.StreamLife)
		defer end.Stop()
		beat := time.NewTicker(heartbeat)
		defer beat.Stop()
		fmt.Fprint(w, "retry: 1000\n\n")
		for {
			committed := a.kernel.Changed()
			changed, more, err := send(w)
			if err != nil {
				return err
			}
			if err := w.Flush(); err != nil || changed == nil {
				return err
			}
			if more {
				continue
			}
			select {
			case <-changed:
			case <-committed:
			case <-beat.C:
				fmt.Fprint(w, ": still here\n\n")
			case <-end.C:
				return nil
			case <-r.Closing:
				return nil
			}
		}
	}
	return response
}

// followExecution streams the events of one execution: as server-sent events, or over a WebSocket where the client asks for one.
func (a *API) followExecution(r *edge.Request, p *people.Person) (*edge.Response, error) {
	after, _ := lastSeen(r) // without a number the stream begins at the start
	if _, _, err := a.engine.Follow(p.Session, r.Param("id"), int(after)); err != nil {
		return nil, err
	}
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		return nil, nil // the edge upgrades and calls executionSocket
	}
	last := int(after)
	return a.stream(r, func(w *bufio.Writer) (<-chan struct{}, bool, error) {
		p, err := a.recognize(r)
		if err != nil {
			return nil, false, err
		}
		events, changed, err := a.engine.Follow(p.Session, r.Param("id"), last)
		if err != nil {
			return nil, false, err
		}
		for _, event := range events {
			text, err := json.Marshal(event)
			if err != nil {
				return nil, false, err
			}
			fmt.Fprintf(w, "id: %d\nevent: execution\ndata: %s\n\n", event.Seq, text)
			last = event.Seq
		}
		if changed == nil {
			fmt.Fprint(w, "event: end\ndata: {}\n\n")
		}
		return changed, false, nil
	}), nil
}

// followEditors streams who else has the editor of a workflow open. Who follows is known to the others until the stream ends.
func (a *API) followEditors(r *edge.Request, p *people.Person) (*edge.Response, error) {
	workflow := r.Param("id")
	if _, _, err := a.engine.Editors(p.Session, workflow); err != nil {
		return nil, err
	}
	who := flow.Editor{ID: p.Actor.ID, Name: p.Actor.Name, Picture: p.HasAvatar}
	told := ""
	response := a.stream(r, func(w *bufio.Writer) (<-chan struct{}, bool, error) {
		p, err := a.recognize(r)
		if err != nil {
			return nil, false, err
		}
		others, changed, err := a.engine.Editors(p.Session, workflow)
		if err != nil {
			return nil, false, err
		}
		text, err := json.Marshal(others)
		if err == nil && string(text) != told {
			told = string(text)
			fmt.Fprintf(w, "event: editors\ndata: %s\n\n", text)
		}
		return changed, false, err
	})
	stream := response.Stream
	response.Stream = func(w *bufio.Writer) error {
		defer a.engine.Edit(workflow, who)()
		return stream(w)
	}
	return response, nil
}

func (a *API) executionSocket(r *edge.Request, socket *edge.Socket) {
	after, _ := lastSeen(r)
	last := int(after)
	gone := socket.Gone()
	for {
		committed := a.kernel.Changed()
		p, err := a.recognize(r)
		if err != nil {
			edge.LogFailure(a.log, r, err)
			return
		}
		events, changed, err := a.engine.Follow(p.Session, r.Param("id"), last)
		if err != nil {
			edge.LogFailure(a.log, r, err)
			return
		}
		for _, event := range events {
			if sendEvent(socket, event) != nil {
				return
			}
			last = event.Seq
		}
		if changed == nil {
			return
		}
		select {
		case <-changed:
		case <-committed:
		case <-gone:
			return
		case <-r.Closing:
			return
		}
	}
}

func sendEvent(socket *edge.Socket, event flow.Event) error {
	text, err := json.Marshal(event)
	if err != nil {
		return err
	}
	return socket.Send(text)
}
