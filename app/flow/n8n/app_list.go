package n8n

import "sync"

// apps are the node types of n8n that are connectors here.
var apps = sync.OnceValue(func() map[string]*app {
	return map[string]*app{
		"telegram": {
			service: "telegram", title: "Telegram", secret: "token", resource: "message",
			usual: map[string]string{"message": "sendMessage", "chat": "get", "callback": "answerQuery", "file": "get"},
			operations: map[string]string{
				"message/sendMessage": "send_message chat_id=chatId text=text parse_mode=@telegramFormat silent=additionalFields.disable_notification " +
					"no_preview=additionalFields.disable_web_page_preview reply_to=additionalFields.reply_to_message_id " +
					"thread=additionalFields.message_thread_id reply_markup=@telegramButtons",
				"message/sendPhoto":     "send_photo " + telegramMedia,
				"message/sendDocument":  "send_document " + telegramMedia,
				"message/sendVideo":     "send_video " + telegramMedia,
				"message/sendAudio":     "send_audio " + telegramMedia,
				"message/sendAnimation": "send_animation " + telegramMedia,
				"message/sendSticker": "send_sticker chat_id=chatId file=@telegramFile media=@telegramLink " +
					"silent=additionalFields.disable_notification reply_to=additionalFields.reply_to_message_id reply_markup=@telegramButtons",
				"message/sendMediaGroup": "send_media_group chat_id=chatId album=@telegramAlbum silent=additionalFields.disable_notification",
				"message/sendLocation": "send_location chat_id=chatId latitude=latitude longitude=longitude " +
					"silent=additionalFields.disable_notification",
				"message/sendChatAction": "send_chat_action chat_id=chatId action=action",
				"message/editMessageText": "edit_message_text chat_id=chatId message_id=messageId inline_message_id=inlineMessageId text=text " +
					"parse_mode=@telegramFormat reply_markup=@telegramButtons",
				"message/deleteMessage":      "delete_message chat_id=chatId message_id=messageId",
				"message/pinChatMessage":     "pin_message chat_id=chatId message_id=messageId silent=additionalFields.disable_notification",
				"message/unpinChatMessage":   "unpin_message chat_id=chatId message_id=messageId",
				"chat/get":                   "get_chat chat_id=chatId",
				"chat/administrators":        "get_administrators chat_id=chatId",
				"chat/member":                "get_member chat_id=chatId user_id=userId",
				"chat/leave":                 "leave_chat chat_id=chatId",
				"chat/setTitle":              "set_chat_title chat_id=chatId title=title",
				"chat/setDescription":        "set_chat_description chat_id=chatId description=description",
				"callback/answerQuery":       "answer_callback query_id=queryId answer_text=additionalFields.text show_alert=additionalFields.show_alert address=additionalFields.url cache_time=additionalFields.cache_time",
				"callback/answerInlineQuery": "answer_inline query_id=queryId results=results|object cache_time=additionalFields.cache_time",
			},
			ignored: "additionalFields.appendAttribution replyMarkup binaryData messageType",
		},
		"slack": {
			service: "slack", title: "Slack", secret: "token", resource: "message",
			usual: map[string]string{"message": "post", "channel": "create", "user": "info", "reaction": "add", "file": "upload"},
			operations: map[string]string{
				"message/post": "post_message channel=@slackChannel text=text blocks=@slackBlocks thread=@slackThread " +
					"broadcast=otherOptions.thread_ts.replyValues.reply_broadcast unfurl=otherOptions.unfurl_links",
				"message/update":       "update_message channel=@slackChannel ts=ts text=text blocks=@slackBlocks",
				"message/delete":       "delete_message channel=@slackChannel ts=timestamp",
				"message/getPermalink": "permalink channel=channelId|locator ts=timestamp",
				"message/search":       "search_messages search=query",
				"channel/create":       "create_channel name=channelId|locator private=channelVisibility.private",
				"channel/get":          "get_channel channel=channelId|locator",
				"channel/getAll":       "list_channels limit=limit",
				"channel/history":      "channel_history channel=channelId|locator oldest=filters.oldest latest=filters.latest limit=limit",
				"channel/replies":      "thread_replies channel=channelId|locator ts=ts limit=limit",
				"channel/member":       "channel_members channel=channelId|locator limit=limit",
				"channel/archive":      "archive_channel channel=channelId|locator",
				"channel/unarchive":    "unarchive_channel channel=channelId|locator",
				"channel/rename":       "rename_channel channel=channelId|locator name=name",
				"channel/join":         "join_channel channel=channelId|locator",
				"channel/leave":        "leave_channel channel=channelId|locator",
				"channel/invite":       "invite channel=channelId|locator users=userIds|list",
				"channel/kick":         "kick channel=channelId|locator user=userId",
				"channel/open":         "open_chat users=options.users|list",
				"channel/setTopic":     "set_topic channel=channelId|locator topic=topic",
				"channel/setPurpose":   "set_purpose channel=channelId|locator purpose=purpose",
				"user/info":            "get_user user=user|locator",
				"user/getAll":          "list_users limit=limit",
				"user/getPresence":     "user_presence user=user|locator",
				"reaction/add":         "add_reaction channel=channelId|locator ts=timestamp reaction=name",
				"reaction/remove":      "remove_reaction channel=channelId|locator ts=timestamp reaction=name",
				"reaction/get":         "get_reactions channel=channelId|locator ts=timestamp",
				"file/get":             "get_file file_id=fileId",
			},
			ignored: "select messageType otherOptions.includeLinkToWorkflow otherOptions.mrkdwn",
		},
		"discord": {
			service: "discord", title: "Discord", secret: "token", resource: "message",
			usual: map[string]string{"message": "send", "channel": "create", "member": "getAll"},
			operations: map[string]string{
				"message/send":          "send_message channel=channelId|locator content=content embeds=@discordEmbeds reply_to=options.message_reference",
				"message/get":           "get_message channel=channelId|locator message=messageId",
				"message/getAll":        "list_messages channel=channelId|locator count=limit",
				"message/deleteMessage": "delete_message channel=channelId|locator message=messageId",
				"message/react":         "add_reaction channel=channelId|locator message=messageId emoji=emoji",
				"channel/create":        "create_channel server=guildId|locator name=name topic=options.topic parent=options.categoryId",
				"channel/get":           "get_channel channel=channelId|locator",
				"channel/getAll":        "list_channels server=guildId|locator",
				"channel/deleteChannel": "delete_channel channel=channelId|locator",
				"member/getAll":         "list_members server=guildId|locator count=limit",
				"member/roleAdd":        "add_role server=guildId|locator user=userId|locator role=role",
				"member/roleRemove":     "remove_role server=guildId|locator user=userId|locator role=role",
			},
			ignored: "guildId sendTo",
		},
		"mattermost": {
			service: "mattermost", title: "Mattermost", secret: "token", resource: "message", asks: []string{"address of the server"},
			usual: map[string]string{"message": "post", "channel": "create", "reaction": "create", "user": "create"},
			operations: map[string]string{
				"message/post":    "send_message channel=channelId message=message thread=otherOptions.root_id attachments=attachments",
				"message/delete":  "delete_message post=postId",
				"reaction/create": "add_reaction user=userId post=postId emoji=emojiName",
				"channel/create":  "create_channel team=teamId name=channel title=displayName",
				"channel/addUser": "add_member channel=channelId user=userId",
				"channel/members": "list_members channel=channelId limit=limit",
				"user/getByEmail": "user_by_email email=email",
			},
		},
		"gmail": {
			service: "gmail", title: "Gmail", secret: "credential", resource: "message",
			usual: map[string]string{"message": "send", "draft": "create", "label": "getAll", "thread": "getAll"},
			operations: map[string]string{
				"message/send":         "send to=@gmailTo subject=subject text=@gmailText html=@gmailHTML " + gmailOptions,
				"message/reply":        "reply message_id=messageId text=@gmailText html=@gmailHTML cc=options.ccList|list bcc=options.bccList|list attachments=@gmailFiles",
				"message/getAll":       "list_messages search=@gmailSearch labels=filters.labelIds|list spam=filters.includeSpamTrash limit=limit",
				"message/get":          "get_message message_id=messageId",
				"message/delete":       "delete_message message_id=messageId",
				"message/addLabels":    "add_labels message_id=messageId labels=labelIds|list",
				"message/removeLabels": "remove_labels message_id=messageId labels=labelIds|list",
				"message/markAsRead":   "mark_read message_id=messageId",
				"message/markAsUnread": "mark_unread message_id=messageId",
				"draft/create": "create_draft to=options.sendTo|list subject=subject text=@gmailText html=@gmailHTML thread_id=options.threadId " +
					gmailOptions,
				"draft/get":           "get_draft draft_id=messageId",
				"draft/delete":        "delete_draft draft_id=messageId",
				"draft/getAll":        "list_drafts limit=limit",
				"label/getAll":        "list_labels",
				"label/get":           "get_label label_id=labelId",
				"label/create":        "create_label name=name",
				"label/delete":        "delete_label label_id=labelId",
				"thread/getAll":       "list_threads search=@gmailSearch labels=filters.labelIds|list spam=filters.includeSpamTrash limit=limit",
				"thread/get":          "get_thread thread_id=threadId",
				"thread/addLabels":    "add_thread_labels thread_id=threadId labels=labelIds|list",
				"thread/removeLabels": "remove_thread_labels thread_id=threadId labels=labelIds|list",
				"thread/trash":        "trash_thread thread_id=threadId",
			},
			ignored: "emailType simple options.appendAttribution includeHtml options.downloadAttachments options.dataPropertyAttachmentsPrefixName",
		},
	}
})

const (
	telegramMedia = "chat_id=chatId file=@telegramFile media=@telegramLink caption=additionalFields.caption parse_mode=additionalFields.parse_mode " +
		"silent=additionalFields.disable_notification reply_to=additionalFields.reply_to_message_id reply_markup=@telegramButtons"
	gmailOptions = "cc=options.ccList|list bcc=options.bccList|list reply_to=options.replyTo attachments=@gmailFiles"
)
