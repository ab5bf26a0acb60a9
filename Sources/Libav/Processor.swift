import CFFmpeg

/// What this machine's processor can do, as libavutil found out.
package enum Processor {
    package static var hasAVX512: Bool { av_get_cpu_flags() & AV_CPU_FLAG_AVX512 != 0 }
}
