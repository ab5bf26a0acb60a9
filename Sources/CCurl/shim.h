// The one door to libcurl. Everything here is `static inline`, and each function says why Swift could not do without it.
#ifndef REELMILL_CCURL_H
#define REELMILL_CCURL_H

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

// curl_easy_setopt is variadic, which is not imported: one function for each kind of value that an option takes.
static inline CURLcode reelmill_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode reelmill_set_size(CURL *easy, CURLoption option, int64_t value) {
    return curl_easy_setopt(easy, option, (curl_off_t)value);
}
static inline CURLcode reelmill_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode reelmill_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode reelmill_set_headers(CURL *easy, struct curl_slist *value) {
    return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, value);
}

// The same for callbacks, whose types differ by option.
typedef size_t (*reelmill_data_callback)(char *bytes, size_t size, size_t count, void *opaque);
static inline CURLcode reelmill_set_data_callback(CURL *easy, CURLoption option, reelmill_data_callback callback) {
    return curl_easy_setopt(easy, option, callback);
}
static inline CURLcode reelmill_set_seek_callback(CURL *easy, int (*callback)(void *opaque, curl_off_t offset, int origin)) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, callback);
}

// libcurl 7.88 opens sockets that a child process inherits, and a worker would keep a connection open that this process has closed. Setting
// the flag later would leave a moment for a child to be started in; in C, because the callback has a type of its own and setopt is
// variadic.
static inline curl_socket_t reelmill_open_socket(void *opaque, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)opaque;
    (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}
static inline CURLcode reelmill_set_private_sockets(CURL *easy) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, reelmill_open_socket);
}

// Restricting protocols by name came with libcurl 7.85, and the bit mask before it is deprecated since.
static inline CURLcode reelmill_set_web_only(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

// curl_easy_getinfo is variadic too.
static inline CURLcode reelmill_get_long(CURL *easy, CURLINFO info, long *value) { return curl_easy_getinfo(easy, info, value); }

// So is curl_multi_setopt.
static inline CURLMcode reelmill_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

// CURLMsg keeps the result in a union, whose members are not imported as properties of plain types.
static inline CURLcode reelmill_message_result(const CURLMsg *message) { return message->data.result; }

// CURL_GLOBAL_DEFAULT and CURL_READFUNC_ABORT are macros with casts or sums, which are not imported.
static inline CURLcode reelmill_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
static inline size_t reelmill_read_abort(void) { return CURL_READFUNC_ABORT; }

// eventfd(2) is in no module that comes with the toolchain. curl_multi_wakeup would do too, but needs the handle on other threads.
static inline int reelmill_open_bell(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

#endif
