# Rscript life.R HOST PORT NOTATION TEXT
library(jsonlite)

args <- commandArgs(trailingOnly = TRUE)

dial <- function() socketConnection(args[1], as.integer(args[2]), open = "r+", blocking = TRUE)

ask <- function(tg, request) {
  writeLines(toJSON(request, auto_unbox = TRUE, digits = NA), tg)
  fromJSON(readLines(tg, 1), simplifyVector = FALSE)
}

options <- list(json = args[3], updates = FALSE)

tg <- dial()
invisible(ask(tg, list(options = options, signin = list(phone = "9996620001"))))
saved <- toJSON(ask(tg, list(signin = list(code = "22222")))$session, auto_unbox = TRUE, digits = NA)
close(tg)

tg <- dial()
invisible(ask(tg, list(options = options, session = fromJSON(saved, simplifyVector = FALSE))))
found <- ask(tg, list(message = list(`_cons` = "contacts.resolveUsername", username = "echobot")))
user <- found$message$users[[1]]
peer <- list(`_cons` = "inputPeerUser", user_id = user$id, access_hash = user$access_hash)
reply <- ask(tg, list(message = list(`_cons` = "messages.sendMessage", peer = peer, message = args[4])))
cat(toJSON(reply, auto_unbox = TRUE, digits = NA), "\n")
