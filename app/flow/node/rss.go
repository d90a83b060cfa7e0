package node

import (
	"container/list"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/flow/format"
	"zygo/app/outgoing"
	"zygo/app/value"
)

// RSS reads a feed, once per item.
type RSS struct {
	URL     field.Exact `z:"required,max=8192,secrets,label=Address,help=Of a feed in RSS, Atom or JSON Feed."`
	Hours   int         `z:"min=0,max=100000,label=Not older than,help=In hours; entries without a date are left out then. All entries when empty."`
	Most    int         `z:"default=100,min=1,max=10000,label=Most entries,help=Counted from the beginning of the feed."`
	Headers []Pair      `z:"max=20,fold"`
	Timeout int         `z:"default=30,min=1,max=600,fold,help=In seconds."`
}

func rss() *Type {
	return Declare(Type{
		Name: "rss", Version: 1, Category: "integration", Title: "Read a feed", Icon: "megaphone", Repeat: SafeWithKey,
		Help: "Makes items of the entries of an RSS or Atom feed, each with id, title, link, date, summary, content, author, categories and enclosures.",
	}, runRSS)
}

// CheckWritten refuses what is no address. What an expression gives is empty here.
func (p *RSS) CheckWritten() error {
	if p.URL == "" {
		return nil
	}
	if _, err := outgoing.ParseURL(string(p.URL)); err != nil {
		return fault.InvalidField("url", "%s", fault.Public(err).Message)
	}
	return nil
}

func runRSS(ctx context.Context, c *Call, parameters func(int) (*RSS, error)) (Result, error) {
	return c.each(ctx, func(i int) ([]value.Value, error) {
		p, err := parameters(i)
		if err != nil {
			return nil, err
		}
		entries, err := c.feed(ctx, p, fmt.Sprintf("%s:%d", c.Key, i))
		if err != nil || p.Hours == 0 {
			return entries[:min(len(entries), p.Most)], err
		}
		var young []value.Value
		since := c.Now.Add(-time.Duration(p.Hours) * time.Hour)
		for _, entry := range entries {
			if at, ok := entry.Get("date").Time(time.UTC); ok && !at.Before(since) && len(young) < p.Most {
				young = append(young, entry)
			}
		}
		return young, nil
	})
}

// feed asks for a feed, and whether it changed if it was read before.
func (c *Call) feed(ctx context.Context, p *RSS, key string) ([]value.Value, error) {
	q := &httpCall{call: c, key: key, p: &HTTP{
		Method:    "GET",
		URL:       p.URL,
		Headers:   p.Headers,
		Success:   "200-299,304",
		Timeout:   float64(p.Timeout),
		Redirects: 5,
	}}
	r, err := q.make(ctx)
	if err != nil {
		return nil, err
	}
	kept := c.Services.Feeds.ask(c.Environment.Owner, r)
	came, body, err := q.fetch(r)
	if err != nil {
		return nil, err
	}
	if came.StatusCode == http.StatusNotModified {
		body = kept
	}
	entries, err := c.document(ctx, format.Options{As: format.Feed, Base: came.Request.URL.String()}, body)
	var wrong *format.Error
	if errors.As(err, &wrong) {
		return nil, &Error{
			Code:     "FEED_UNREADABLE",
			Message:  fmt.Sprintf("The feed can't be read: %s.", wrong.Message),
			Exchange: exchangeOf(r, "", came, body),
		}
	}
	if err == nil && came.StatusCode != http.StatusNotModified {
		c.Services.Feeds.keep(c.Environment.Owner, r, came.Header, body)
	}
	return entries, err
}

const (
	// mostKeptFeeds and mostKeptBytes bound the feeds that are kept, and mostKeptFeed is the largest of them.
	mostKeptFeeds = 200
	mostKeptBytes = 8 << 20
	mostKeptFeed  = 1 << 20
)

// feeds keeps what feeds answered, so that a feed that did not change need not be sent again: services ask for that of
// programs that look every few minutes. An organization gets only what it asked for itself. The zero feeds keeps nothing yet.
type feeds struct {
	mutex sync.Mutex
	// byUse has the one that was used last in front.
	byUse list.List
	known map[[sha256.Size]byte]*list.Element
	bytes int
}

// keptFeed is a feed with the marks by which its service knows whether it changed.
type keptFeed struct {
	key            [sha256.Size]byte
	etag, modified string
	body           []byte
}

// keyOfFeed tells apart what different callers may see.
func keyOfFeed(owner string, r *http.Request) [sha256.Size]byte {
	headers := r.Header.Clone()
	headers.Del("If-None-Match")
	headers.Del("If-Modified-Since")
	return sha256.Sum256(fmt.Appendf(nil, "%q %q %q", owner, r.URL.String(), headers))
}

// ask makes a request depend on whether the feed changed, and gives what it was.
func (f *feeds) ask(owner string, r *http.Request) []byte {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	element := f.known[keyOfFeed(owner, r)]
	if element == nil {
		return nil
	}
	f.byUse.MoveToFront(element)
	kept := element.Value.(*keptFeed)
	if kept.etag != "" {
		r.Header.Set("If-None-Match", kept.etag)
	}
	if kept.modified != "" {
		r.Header.Set("If-Modified-Since", kept.modified)
	}
	return kept.body
}

// keep keeps a feed that can be asked for so, and lets go of those that nobody used for longest.
func (f *feeds) keep(owner string, r *http.Request, header http.Header, body []byte) {
	kept := &keptFeed{keyOfFeed(owner, r), header.Get("ETag"), header.Get("Last-Modified"), body}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.drop(f.known[kept.key])
	if kept.etag == "" && kept.modified == "" || len(body) > mostKeptFeed {
		return
	}
	if f.known == nil {
		f.known = map[[sha256.Size]byte]*list.Element{}
	}
	f.known[kept.key] = f.byUse.PushFront(kept)
	f.bytes += len(body)
	for f.byUse.Len() > mostKeptFeeds || f.bytes > mostKeptBytes {
		f.drop(f.byUse.Back())
	}
}

func (f *feeds) drop(element *list.Element) {
	if element == nil {
		return
	}
	kept := f.byUse.Remove(element).(*keptFeed)
	delete(f.known, kept.key)
	f.bytes -= len(kept.body)
}
