package n8n

import (
	"fmt"
	"strings"
	"sync"

	"zygo/app/value"
)

// paramReaders make values of parameters that are written in another way here.
var paramReaders = sync.OnceValue(func() map[string]paramReader {
	return map[string]paramReader{
		"telegramFormat": {telegramFormat, "additionalFields.parse_mode"},
		"telegramFile": {func(n *node) value.Value {
			if n.is("binaryData", false) {
				return value.String(n.text("binaryPropertyName", "data"))
			}
			return value.Value{}
		}, "binaryData binaryPropertyName additionalFields.fileName"},
		"telegramLink": {func(n *node) value.Value {
			if n.is("binaryData", false) {
				return value.Value{}
			}
			return n.value("file")
		}, "file"},
		"telegramAlbum":   {telegramAlbum, "media"},
		"telegramButtons": {telegramButtons, "replyMarkup inlineKeyboard replyKeyboard replyKeyboardOptions replyKeyboardRemove forceReply"},
		"slackChannel":    {slackChannel, "channelId channel user select"},
		"slackBlocks":     {slackBlocks, "blocksUi blocks blocksJson"},
		"slackThread": {func(n *node) value.Value {
			if v := n.value("otherOptions.thread_ts.replyValues.thread_ts"); !v.IsMissing() {
				return v
			}
			return n.value("otherOptions.thread_ts")
		}, "otherOptions.thread_ts"},
		"discordEmbeds": {func(n *node) value.Value {
			if list := n.value("embeds.values"); list.Len() > 0 {
				return list
			}
			return value.Value{}
		}, "embeds"},
		"gmailTo":     {gmailTo, "sendTo toList"},
		"gmailText":   {func(n *node) value.Value { return n.gmailBody(false) }, "message htmlMessage"},
		"gmailHTML":   {func(n *node) value.Value { return n.gmailBody(true) }, "message htmlMessage"},
		"gmailFiles":  {gmailFiles, "options.attachmentsUi"},
		"gmailSearch": {gmailSearch, "filters.q filters.readStatus filters.sender"},
		"outlookWeight": {func(n *node) value.Value {
			if given := strings.ToLower(n.text("additionalFields.importance", "")); given == "low" || given == "high" {
				return value.String(given)
			}
			return value.Value{}
		}, "additionalFields.importance"},
		"outlookForm": {func(n *node) value.Value {
			if strings.EqualFold(n.text("additionalFields.bodyContentType", "html"), "text") {
				return value.String("text")
			}
			return value.Value{}
		}, "additionalFields.bodyContentType"},
		"calendarWholeDays": {func(n *node) value.Value { return flag(n.text("additionalFields.allday", "no") == "yes") }, "additionalFields.allday"},
		"calendarAfter": {func(n *node) value.Value { return first(n.value("timeMin"), n.value("options.timeMin")) },
			"timeMin options.timeMin"},
		"calendarBefore": {func(n *node) value.Value { return first(n.value("timeMax"), n.value("options.timeMax")) },
			"timeMax options.timeMax"},
		"twilioSpeech": {func(n *node) value.Value {
			if n.is("twiml", false) {
				return n.value("message")
			}
			return value.String("<Response><Say>" + n.text("message", "") + "</Say></Response>")
		}, "message"},
	}
})

// first is the first value that is there.
func first(all ...value.Value) value.Value {
	for _, v := range all {
		if !v.IsMissing() && (v.Kind() != value.StringKind || v.Raw() != "") {
			return v
		}
	}
	return value.Value{}
}

// telegramFormat is how a text is read: n8n says Markdown where nobody chose.
func telegramFormat(n *node) value.Value {
	given := n.value("additionalFields.parse_mode")
	if given.IsMissing() && n.text("operation", "sendMessage") == "sendMessage" {
		return value.String("Markdown")
	}
	return given
}

func telegramAlbum(n *node) value.Value {
	var all []value.Value
	for _, one := range n.at("media.media").Elements() {
		members := []value.Member{text("type", or(one.Get("type").Raw(), "photo")), member("media", converted(one.Get("media")))}
		for key, v := range one.Get("additionalFields").Members() {
			members = append(members, value.Member{Key: key, Value: converted(v)})
		}
		all = append(all, object(members...))
	}
	return value.List(all...)
}

// telegramButtons are the buttons under a message, as Telegram writes them.
func telegramButtons(n *node) value.Value {
	rows := func(path string) value.Value {
		var all []value.Value
		for _, row := range n.at(path + ".rows").Elements() {
			var buttons []value.Value
			for _, b := range row.Get("row").Get("buttons").Elements() {
				members := []value.Member{member("text", converted(b.Get("text")))}
				for key, v := range b.Get("additionalFields").Members() {
					members = append(members, value.Member{Key: key, Value: converted(v)})
				}
				buttons = append(buttons, object(members...))
			}
			all = append(all, value.List(buttons...))
		}
		return value.List(all...)
	}
	merged := func(m value.Member, path string) value.Value {
		members := []value.Member{m}
		for key, v := range n.value(path).Members() {
			members = append(members, value.Member{Key: key, Value: v})
		}
		return object(members...)
	}
	switch n.text("replyMarkup", "none") {
	case "inlineKeyboard":
		return object(member("inline_keyboard", rows("inlineKeyboard")))
	case "replyKeyboard":
		return merged(member("keyboard", rows("replyKeyboard")), "replyKeyboardOptions")
	case "replyKeyboardRemove":
		return merged(member("remove_keyboard", value.Bool(true)), "replyKeyboardRemove")
	case "forceReply":
		return merged(member("force_reply", value.Bool(true)), "forceReply")
	}
	return value.Value{}
}

// slackChannel is where a message goes: a channel or a person.
func slackChannel(n *node) value.Value {
	if n.text("select", "channel") == "user" {
		return n.locator("user")
	}
	v := first(n.locator("channelId"), n.value("channel"))
	if n.at("channelId.mode").Raw() == "name" && v.Kind() == value.StringKind && !strings.HasPrefix(v.Raw(), "#") {
		return value.String("#" + v.Raw())
	}
	return v
}

// slackBlocks are the blocks of a message, which n8n keeps within an object.
func slackBlocks(n *node) value.Value {
	if kind := n.text("messageType", "text"); kind != "block" {
		return value.Value{}
	}
	v := n.value("blocksUi")
	if v.Kind() == value.StringKind && !strings.Contains(v.Raw(), "{{") {
		parsed, err := value.Parse([]byte(v.Raw()), value.Limits{})
		if err == nil {
			v = parsed
		}
	}
	if blocks := v.Get("blocks"); blocks.Kind() == value.ListKind {
		return blocks
	}
	if v.Kind() == value.StringKind {
		n.note("writes its blocks as JSON with expressions; write them as a list")
		return value.Value{}
	}
	return v
}

func gmailTo(n *node) value.Value {
	if v := n.list("sendTo"); !v.IsMissing() {
		return v
	}
	return n.list("toList")
}

// gmailBody is the text of a mail, where it is in the form that is asked for.
func (n *node) gmailBody(html bool) value.Value {
	usual := "html"
	if n.version < 2 || n.text("resource", "message") == "draft" && n.version < 2.1 {
		usual = map[bool]string{true: "html", false: "text"}[n.is("includeHtml", false)]
	}
	if (n.text("emailType", usual) == "html") != html {
		return value.Value{}
	}
	if html {
		return first(n.value("htmlMessage"), n.value("message"))
	}
	return n.value("message")
}

func gmailFiles(n *node) value.Value {
	var names []string
	for _, one := range n.at("options.attachmentsUi.attachmentsBinary").Elements() {
		names = append(names, converted(one.Get("property")).Text())
	}
	if len(names) == 0 {
		return value.Value{}
	}
	return value.String(strings.Join(names, ", "))
}

// gmailSearch is what n8n's filters are in the words of Gmail's search.
func gmailSearch(n *node) value.Value {
	words := []string{n.text("filters.q", "")}
	if status := n.text("filters.readStatus", "all"); status == "read" || status == "unread" {
		words = append(words, "is:"+status)
	}
	if sender := n.text("filters.sender", ""); sender != "" {
		words = append(words, fmt.Sprintf("from:(%s)", sender))
	}
	if joined := strings.TrimSpace(strings.Join(words, " ")); joined != "" {
		return value.String(joined)
	}
	return value.Value{}
}
