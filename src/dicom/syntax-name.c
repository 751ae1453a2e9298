#include "dicom/syntax-name.h"

#include <stddef.h>
#include <string.h>

static const struct
{
  const char *uid, *name;
} names[] = {
  { "1.2.840.10008.1.2.4.110", "JPEG XL Lossless" },
  { "1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression" },
  { "1.2.840.10008.1.2.4.112", "JPEG XL" },
  { "1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Lossless" },
  { "1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 RPCL Lossless" },
  { "1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000" },
  { "1.2.840.10008.1.2.4.204", "JPIP HTJ2K Referenced" },
  { "1.2.840.10008.1.2.4.205", "JPIP HTJ2K Referenced Deflate" },
  { "1.2.840.10008.1.2.7.1", "SMPTE ST 2110-20 Uncompressed Progressive Active Video" },
  { "1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression" },
};

const char *
dino_dicom_syntax_name (const char *uid)
{
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp (names[i].uid, uid) == 0)
      return names[i].name;
  return uid;
}
