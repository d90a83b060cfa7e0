package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"zygo/app/fault"
	"zygo/app/outgoing"
	"zygo/app/value"
)

const (
	// mostPorts are looked at for an item, portsAtOnce at the same time.
	mostPorts   = 1_024
	portsAtOnce = 64
	// portPatience is how long a port may take to answer. One behind a filter never does.
	portPatience = 3 * time.Second
)

// checkPorts refuses ports that are none, or too many.
func (p *Security) checkPorts() error {
	ports, ok := rangesOf(p.Ports, 1, 65535)
	switch {
	case p.Host == "":
		return fault.InvalidField("host", "is required")
	case !ok:
		return fault.InvalidField("ports", "must be ports such as 22,80,8000-8010")
	case ports.count() > mostPorts:
		return fault.InvalidField("ports", "are %d; %d is the most", ports.count(), mostPorts)
	}
	if _, ok := rangesOf(p.May, 1, 65535); !ok && p.May != "" {
		return fault.InvalidField("may", "must be ports such as 80,443")
	}
	return nil
}

// lookAtPorts connects to each port of a host, which has to be the organization's own: nobody looks for open doors of others.
func (c *Call) lookAtPorts(ctx context.Context, p *Security) (finding, error) {
	if err := p.checkPorts(); err != nil {
		return finding{}, err
	}
	if owns, err := c.Owns(string(p.Host)); err != nil {
		return finding{}, err
	} else if !owns {
		return finding{}, &Error{Code: "NOT_YOURS", Message: fmt.Sprintf(
			"%.100s is not below a verified domain of your organization. Add the domain in the settings and prove that it is yours.", p.Host)}
	}
	open, err := c.openPorts(ctx, p)
	if err != nil {
		return finding{}, err
	}
	may, _ := rangesOf(p.May, 1, 65535)
	var all, unexpected []value.Value
	var names []string
	for _, port := range open {
		all = append(all, value.Int(int64(port)))
		if !may.have(port) {
			unexpected = append(unexpected, value.Int(int64(port)))
			names = append(names, strconv.Itoa(port))
		}
	}
	found := finding{about: []value.Member{
		{Key: "target", Value: value.String(string(p.Host))},
		{Key: "open", Value: value.List(all...)},
		{Key: "unexpected", Value: value.List(unexpected...)},
	}}
	if len(names) > 0 {
		found.reason = "Open, and not expected to be: " + strings.Join(names, ", ") + "."
	}
	return found, nil
}

// openPorts are those that take a connection, in their order. What Zygo itself does not connect to is an error.
func (c *Call) openPorts(ctx context.Context, p *Security) (open []int, err error) {
	ports, _ := rangesOf(p.Ports, 1, 65535)
	tried := ports.all()
	failures := make([]error, len(tried))
	var wait sync.WaitGroup
	room := make(chan struct{}, portsAtOnce)
	for i, port := range tried {
		room <- struct{}{}
		wait.Go(func() {
			defer func() { <-room }()
			defer func() {
				if p := recover(); p != nil {
					failures[i] = fmt.Errorf("look at the port %d: %v", port, p)
				}
			}()
			failures[i] = c.tryPort(ctx, string(p.Host), port)
		})
	}
	wait.Wait()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	for i, failed := range failures {
		if failed == nil {
			open = append(open, tried[i])
		} else if _, is := unreachable(failed); !is && !errors.Is(failed, context.DeadlineExceeded) {
			return nil, failed
		}
	}
	return open, nil
}

func (c *Call) tryPort(ctx context.Context, host string, port int) error {
	ctx, cancel := context.WithTimeout(ctx, portPatience)
	defer cancel()
	conn, err := c.Services.HTTP.Dial(ctx, net.JoinHostPort(host, strconv.Itoa(port)),
		outgoing.Protocol{Name: "checks", Port: uint16(port)})
	if err != nil {
		return err
	}
	return conn.Close()
}
