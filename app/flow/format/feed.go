package format

import (
	"bytes"
	"cmp"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"zygo/app/value"
)

// readFeed gives the entries of a feed: RSS, Atom or JSON Feed. What an entry doesn't say is null, so that each has the same
// members.
func readFeed(o Options, body []byte, put func(value.Value) error) error {
	feed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err != nil {
		return wrong("it is no feed in RSS, Atom or JSON Feed that can be read")
	}
	base, err := url.Parse(o.Base)
	if err != nil {
		base = &url.URL{}
	}
	if to, err := base.Parse(feed.Link); err == nil && feed.Link != "" {
		base = to // links are relative to the page that the feed is about
	}
	for _, item := range feed.Items {
		if err := put(entry(feed, item, base)); err != nil {
			return err
		}
	}
	return nil
}

func entry(feed *gofeed.Feed, item *gofeed.Item, base *url.URL) value.Value {
	link := item.Link
	for i := 0; link == "" && i < len(item.Links); i++ {
		link = item.Links[i]
	}
	link = absolute(base, link)
	var authors []string
	for _, one := range item.Authors {
		if one != nil && cmp.Or(one.Name, one.Email) != "" {
			authors = append(authors, cmp.Or(one.Name, one.Email))
		}
	}
	categories := []value.Value{}
	for _, one := range item.Categories {
		categories = append(categories, value.String(one))
	}
	enclosures := []value.Value{}
	for _, one := range item.Enclosures {
		length := value.Null()
		if bytes, err := strconv.ParseInt(one.Length, 10, 64); err == nil && bytes >= 0 {
			length = value.Int(bytes)
		}
		enclosures = append(enclosures, value.Object(value.Member{Key: "url", Value: textOrNull(absolute(base, one.URL))},
			value.Member{Key: "type", Value: textOrNull(one.Type)}, value.Member{Key: "length", Value: length}))
	}
	return value.Object(
		value.Member{Key: "id", Value: textOrNull(cmp.Or(strings.TrimSpace(item.GUID), link))},
		value.Member{Key: "title", Value: textOrNull(strings.TrimSpace(item.Title))},
		value.Member{Key: "link", Value: textOrNull(link)},
		value.Member{Key: "date", Value: entryDate(item)},
		value.Member{Key: "summary", Value: textOrNull(item.Description)},
		value.Member{Key: "content", Value: textOrNull(item.Content)},
		value.Member{Key: "author", Value: textOrNull(strings.Join(authors, ", "))},
		value.Member{Key: "categories", Value: value.List(categories...)},
		value.Member{Key: "enclosures", Value: value.List(enclosures...)},
		value.Member{Key: "feed", Value: textOrNull(strings.TrimSpace(feed.Title))},
	)
}

func textOrNull(text string) value.Value {
	if text == "" {
		return value.Null()
	}
	return value.String(text)
}

// absolute is an address as it leads from the feed. One that can't be read stays as it is.
func absolute(base *url.URL, link string) string {
	link = strings.TrimSpace(link)
	to, err := base.Parse(link)
	if link == "" || err != nil {
		return link
	}
	return to.String()
}

// entryDate is when an entry was published, or else changed.
func entryDate(item *gofeed.Item) value.Value {
	for _, at := range []*time.Time{item.PublishedParsed, item.UpdatedParsed} {
		if at != nil && at.Year() > 0 && at.Year() < 10_000 {
			return value.String(at.UTC().Format("2006-01-02T15:04:05.000Z"))
		}
	}
	return value.Null()
}
