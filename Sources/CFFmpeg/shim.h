// The one door to FFmpeg. Everything here is `static inline`, and each function says why Swift could not do without it.
#ifndef REELMILL_CFFMPEG_H
#define REELMILL_CFFMPEG_H

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/cpu.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <string.h>

// AVERROR() and its fixed codes are function-like or casting macros, which are not imported.
static inline int reelmill_averror(int posix) { return AVERROR(posix); }
static inline int reelmill_averror_eof(void) { return AVERROR_EOF; }
static inline int reelmill_averror_invaliddata(void) { return AVERROR_INVALIDDATA; }
static inline int64_t reelmill_nopts(void) { return AV_NOPTS_VALUE; }

// AVFrame.interlaced_frame became a flag in libavutil 58.7 (FFmpeg 6.1) and the field is deprecated since.
static inline int reelmill_frame_is_interlaced(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    return (frame->flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
    return frame->interlaced_frame;
#endif
}

// A frame handed on to an encoder must not carry the decoder's picture type, or the encoder would obey it;
// a key frame is asked for by the same field.
static inline void reelmill_frame_set_key(AVFrame *frame, int is_key) {
    frame->pict_type = is_key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    frame->flags &= ~(AV_FRAME_FLAG_INTERLACED | AV_FRAME_FLAG_TOP_FIELD_FIRST | AV_FRAME_FLAG_KEY);
#else
    frame->interlaced_frame = 0;
    frame->top_field_first = 0;
    frame->key_frame = 0;
#endif
}

// Stream side data moved into the codec parameters with libavformat 60.15 (FFmpeg 6.1).
static inline const int32_t *reelmill_stream_display_matrix(const AVStream *stream) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
    const AVPacketSideData *data = av_packet_side_data_get(
        stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    return data && data->size >= 9 * sizeof(int32_t) ? (const int32_t *)data->data : NULL;
#else
    size_t size = 0;
    const uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    return data && size >= 9 * sizeof(int32_t) ? (const int32_t *)data : NULL;
#endif
}

// The other way round: writing stream side data moved with it, and the old call is deprecated since.
static inline int reelmill_stream_set_display_matrix(AVStream *stream, const int32_t *matrix) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
    AVPacketSideData *data = av_packet_side_data_new(
        &stream->codecpar->coded_side_data, &stream->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(int32_t), 0);
    if (!data) return AVERROR(ENOMEM);
    memcpy(data->data, matrix, 9 * sizeof(int32_t));
#else
    uint8_t *data = av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(int32_t));
    if (!data) return AVERROR(ENOMEM);
    memcpy(data, matrix, 9 * sizeof(int32_t));
#endif
    return 0;
}

// AVChannelLayout holds a C union, whose members are not imported as Swift properties one can set.
static inline void reelmill_set_channel_layout(AVCodecContext *context, int channels) {
    av_channel_layout_uninit(&context->ch_layout);
    av_channel_layout_default(&context->ch_layout, channels);
}

// The buffer argument of the write callback lost its non-const form in libavformat 61 (FFmpeg 7.0).
#if LIBAVFORMAT_VERSION_MAJOR >= 61
typedef const uint8_t *reelmill_write_buffer;
#else
typedef uint8_t *reelmill_write_buffer;
#endif

// avio_alloc_context is imported, but its callback's type differs by version (see above); the cast stays in C.
static inline AVIOContext *reelmill_open_writer(
    uint8_t *buffer, int size, void *opaque, int (*write)(void *opaque, const uint8_t *bytes, int count)) {
#if LIBAVFORMAT_VERSION_MAJOR >= 61
    return avio_alloc_context(buffer, size, 1, opaque, NULL, write, NULL);
#else
    return avio_alloc_context(buffer, size, 1, opaque, NULL, (int (*)(void *, uint8_t *, int))write, NULL);
#endif
}

// AV_OPT_SEARCH_CHILDREN is fine, but av_opt_set on a `priv_data` pointer needs a cast that Swift cannot spell safely.
static inline int reelmill_set_private(AVCodecContext *context, const char *name, const char *value) {
    return av_opt_set(context->priv_data, name, value, 0);
}

// dl_iterate_phdr(3) is declared only under _GNU_SOURCE, which would make this module's idea of `fd_set` differ from Glibc's own:
// the same layout and symbol under names of ours.
struct reelmill_loaded_object {
    ElfW(Addr) address;
    const char *name;
    const ElfW(Phdr) *headers;
    ElfW(Half) header_count;
};
extern int reelmill_each_loaded_object(
    int (*body)(const struct reelmill_loaded_object *object, size_t size, void *opaque), void *opaque) __asm__("dl_iterate_phdr");

// The linker's note of one loaded object: walking ELF program headers is pointer arithmetic that belongs in C.
// Writes at most `capacity` bytes of the GNU build id and returns its length, or 0 where there is none.
static inline int reelmill_build_id(const struct reelmill_loaded_object *info, uint8_t *bytes, int capacity) {
    for (int i = 0; i < info->header_count; i++) {
        const ElfW(Phdr) *header = &info->headers[i];
        if (header->p_type != PT_NOTE) continue;
        const uint8_t *note = (const uint8_t *)(info->address + header->p_vaddr);
        const uint8_t *end = note + header->p_memsz;
        while (note + sizeof(ElfW(Nhdr)) <= end) {
            const ElfW(Nhdr) *n = (const ElfW(Nhdr) *)note;
            const uint8_t *name = note + sizeof(*n);
            const uint8_t *content = name + ((n->n_namesz + 3) & ~3u);
            if (n->n_type == 3 && n->n_namesz == 4 && name[0] == 'G' && name[1] == 'N' && name[2] == 'U') {
                int length = (int)n->n_descsz < capacity ? (int)n->n_descsz : capacity;
                for (int k = 0; k < length; k++) bytes[k] = content[k];
                return length;
            }
            note = content + ((n->n_descsz + 3) & ~3u);
        }
    }
    return 0;
}

#endif
