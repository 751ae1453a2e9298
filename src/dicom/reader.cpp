/* The parser of hostile files runs in a process of its own (main.c); still,
 * nothing that it says of sizes is believed before it was compared. */
#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dccodec.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

extern "C"
{
#include "core/base/memory.h"
#include "dicom/attribute-list.h"
#include "dicom/codestream.h"
#include "dicom/reader.h"
#include "dicom/spacing.h"
#include "dicom/syntax-name.h"
}

#include "dicom/charset.h"

namespace
{

/* Ends decoding with a reason for the person. */
struct Refused
{
  dino_dicom_refusal refusal;

  explicit Refused (dino_dicom_reason reason, int64_t a = 0, int64_t b = 0, const char *text = "")
      : refusal{}
  {
    refusal.reason = reason;
    refusal.a = a;
    refusal.b = b;
    snprintf (refusal.text, sizeof refusal.text, "%s", text);
    for (char *c = refusal.text; *c != '\0'; c++)
      if (*c < ' ' || *c > '~')
        *c = '?';
  }
};

struct PictureFree
{
  void
  operator() (dino_picture *picture) const
  {
    dino_picture_unref (picture);
  }
};
using Picture = std::unique_ptr<dino_picture, PictureFree>;

/* What the pixel data are, by the header. */
struct Layout
{
  E_TransferSyntax syntax;
  int              columns, rows;
  int              allocated, stored, high_bit; /* bits */
  bool             is_signed;
  int              n_frames, frame; /* frame from 0 */
  bool             monochrome1;

  size_t
  n_pixels () const
  {
    return static_cast<size_t> (columns) * static_cast<size_t> (rows);
  }
};

/* Transfer syntaxes that are read, PS3.6 A. */
bool
is_read (E_TransferSyntax syntax)
{
  switch (syntax)
    {
    case EXS_LittleEndianImplicit:
    case EXS_LittleEndianExplicit:
    case EXS_BigEndianExplicit:
    case EXS_DeflatedLittleEndianExplicit:
    case EXS_RLELossless:
    case EXS_JPEGProcess1:
    case EXS_JPEGProcess2_4:
    case EXS_JPEGProcess14:
    case EXS_JPEGProcess14SV1:
    case EXS_JPEGLSLossless:
    case EXS_JPEGLSLossy:
    case EXS_JPEG2000LosslessOnly:
    case EXS_JPEG2000:
      return true;
    default:
      return false;
    }
}

/* Values of the header; absent ones are what the caller says. */

OFString
get_string (DcmItem &item, const DcmTagKey &tag, unsigned long position = 0)
{
  OFString value;

  item.findAndGetOFString (tag, value, position);
  return value;
}

int
get_short (DcmItem &item, const DcmTagKey &tag, int otherwise)
{
  Uint16 value;

  return item.findAndGetUint16 (tag, value).good () ? value : otherwise;
}

bool
get_double (DcmItem &item, const DcmTagKey &tag, unsigned long position, double &value)
{
  Float64 number;

  if (item.findAndGetFloat64 (tag, number, position).bad () || !std::isfinite (number))
    return false;
  value = number;
  return true;
}

/* "US or SS": as the element says, which implicit syntaxes leave to PixelRepresentation. */
bool
get_us_or_ss (DcmItem &item, const DcmTagKey &tag, unsigned long position, bool is_signed, int &value)
{
  DcmElement *element = nullptr;
  Uint16      word;
  Sint16      number;

  if (item.findAndGetElement (tag, element).bad () || element == nullptr)
    return false;
  if (element->getVR () == EVR_SS && element->getSint16 (number, position).good ())
    value = number;
  else if (element->getUint16 (word, position).good ())
    value = is_signed && element->getVR () != EVR_US ? static_cast<Sint16> (word) : word;
  else
    return false;
  return true;
}

/* The file. */

void
refuse_syntax (const OFString &uid)
{
  if (!uid.empty () && !is_read (DcmXfer (uid.c_str ()).getXfer ()))
    {
      DcmXfer syntax (uid.c_str ());

      throw Refused (DINO_DICOM_SYNTAX, 0, 0, syntax.getXfer () != EXS_Unknown ? syntax.getXferName () : dino_dicom_syntax_name (uid.c_str ()));
    }
}

/* A stream that asks for more has ended too early; so has one that DCMTK calls
 * invalid, since it ended inside of a value. */
bool
is_early_end (const OFCondition &status)
{
  return status == EC_StreamNotifyClient || status == EC_InvalidStream || status == EC_EndOfStream;
}

void
parse (DcmFileFormat &file, const uint8_t *data, size_t length)
{
  DcmInputBufferStream stream;
  OFString             uid;
  OFCondition          status;

  stream.setBuffer (data, static_cast<offile_off_t> (length));
  stream.setEos ();
  file.transferInit ();
  status = file.read (stream);
  file.transferEnd ();
  if (file.getMetaInfo () != nullptr)
    file.getMetaInfo ()->findAndGetOFString (DCM_TransferSyntaxUID, uid);
  /* A UID at the end of what there is may not be whole. */
  if (status.good () || file.getDataset ()->card () > 0)
    refuse_syntax (uid);
  if (status == EC_MemoryExhausted)
    throw Refused (DINO_DICOM_MEMORY);
  if (status.bad ())
    throw Refused (DINO_DICOM_MALFORMED, 0, 0, is_early_end (status) ? "it is truncated or damaged" : status.text ());
  if (!is_read (file.getDataset ()->getOriginalXfer ()))
    throw Refused (DINO_DICOM_SYNTAX, 0, 0, DcmXfer (file.getDataset ()->getOriginalXfer ()).getXferName ());
}

Layout
read_layout (DcmDataset &dataset, int frame)
{
  Layout         layout{};
  const OFString photometric = get_string (dataset, DCM_PhotometricInterpretation);
  Sint32         n_frames = 1;

  if (dataset.tagExists (DCM_FloatPixelData) || dataset.tagExists (DCM_DoubleFloatPixelData))
    throw Refused (DINO_DICOM_FLOAT);
  if (!dataset.tagExists (DCM_PixelData))
    throw Refused (DINO_DICOM_NO_PIXELS, 0, 0, get_string (dataset, DCM_Modality).c_str ());
  if (get_short (dataset, DCM_SamplesPerPixel, 1) != 1 || (photometric != "MONOCHROME1" && photometric != "MONOCHROME2"))
    throw Refused (DINO_DICOM_COLOUR, 0, 0, photometric.c_str ());

  layout.syntax = dataset.getOriginalXfer ();
  layout.columns = get_short (dataset, DCM_Columns, 0);
  layout.rows = get_short (dataset, DCM_Rows, 0);
  layout.allocated = get_short (dataset, DCM_BitsAllocated, 0);
  layout.stored = get_short (dataset, DCM_BitsStored, layout.allocated);
  layout.high_bit = get_short (dataset, DCM_HighBit, layout.stored - 1);
  layout.is_signed = get_short (dataset, DCM_PixelRepresentation, 0) == 1;
  layout.monochrome1 = photometric == "MONOCHROME1";
  if ((layout.allocated != 8 && layout.allocated != 16) || layout.stored < 1 || layout.stored > layout.allocated ||
      layout.high_bit < layout.stored - 1 || layout.high_bit >= layout.allocated)
    throw Refused (DINO_DICOM_BITS, layout.allocated, layout.stored);
  if (layout.columns < 1 || layout.rows < 1 || layout.columns > DINO_PICTURE_MAX_SIDE || layout.rows > DINO_PICTURE_MAX_SIDE ||
      layout.n_pixels () > DINO_PICTURE_MAX_PIXELS)
    throw Refused (DINO_DICOM_SIZE, layout.columns, layout.rows);

  dataset.findAndGetSint32 (DCM_NumberOfFrames, n_frames);
  layout.n_frames = n_frames > 1 ? n_frames : 1;
  if (frame == 0 && layout.n_frames > 1)
    throw Refused (DINO_DICOM_FRAMES, layout.n_frames);
  if (frame > layout.n_frames)
    throw Refused (DINO_DICOM_NO_FRAME, frame, layout.n_frames);
  layout.frame = frame > 0 ? frame - 1 : 0;
  return layout;
}

/* Pixel data. Words are as stored, BitsAllocated wide. */

using Words = std::vector<uint16_t>;

void
widen (const uint8_t *bytes, size_t n, Words &words)
{
  words.assign (bytes, bytes + n);
}

Words
read_plain (DcmDataset &dataset, const Layout &layout)
{
  const size_t  first = layout.n_pixels () * static_cast<size_t> (layout.frame);
  const size_t  end = first + layout.n_pixels ();
  DcmElement   *element = nullptr;
  Words         words;
  const size_t  bytes_each = static_cast<size_t> (layout.allocated) / 8;
  unsigned long count = 0;

  if (dataset.findAndGetElement (DCM_PixelData, element).bad () || element->getLength () / bytes_each < end)
    throw Refused (DINO_DICOM_SHORT, element != nullptr ? element->getLength () : 0, static_cast<int64_t> (end * bytes_each));
  if (layout.allocated == 8)
    {
      const Uint8 *bytes = nullptr;

      if (dataset.findAndGetUint8Array (DCM_PixelData, bytes, &count).bad () || bytes == nullptr || count < end)
        throw Refused (DINO_DICOM_SHORT, static_cast<int64_t> (count), static_cast<int64_t> (end));
      widen (bytes + first, layout.n_pixels (), words);
    }
  else
    {
      const Uint16 *values = nullptr;

      if (dataset.findAndGetUint16Array (DCM_PixelData, values, &count).bad () || values == nullptr || count < end)
        throw Refused (DINO_DICOM_SHORT, static_cast<int64_t> (count) * 2, static_cast<int64_t> (end) * 2);
      words.assign (values + first, values + end);
    }
  return words;
}

DcmPixelData &
find_pixel_data (DcmDataset &dataset)
{
  DcmElement *element = nullptr;

  dataset.findAndGetElement (DCM_PixelData, element);
  if (element == nullptr || element->ident () != EVR_PixelData)
    throw Refused (DINO_DICOM_MALFORMED, 0, 0, "its pixel data are not where they should be");
  return *static_cast<DcmPixelData *> (element);
}

/* The compressed bytes of the frame, its fragments joined. */
std::vector<uint8_t>
join_fragments (DcmDataset &dataset, const Layout &layout)
{
  DcmPixelSequence    *sequence = nullptr;
  Uint32               first = 0, end = 0;
  std::vector<uint8_t> stream;

  find_pixel_data (dataset).getEncapsulatedRepresentation (layout.syntax, nullptr, sequence);
  if (sequence == nullptr || sequence->card () < 2)
    throw Refused (DINO_DICOM_SHORT, 0, 1);
  end = static_cast<Uint32> (sequence->card ());
  if (layout.n_frames == 1)
    first = 1;
  else
    {
      Uint32 next = 0;

      if (DcmCodec::determineStartFragment (static_cast<Uint32> (layout.frame), layout.n_frames, sequence, first).bad ())
        throw Refused (DINO_DICOM_DECODING, 0, 0, DcmXfer (layout.syntax).getXferName ());
      if (layout.frame + 1 < layout.n_frames &&
          DcmCodec::determineStartFragment (static_cast<Uint32> (layout.frame) + 1, layout.n_frames, sequence, next).good ())
        end = next;
    }
  for (Uint32 i = first; i < end; i++)
    {
      DcmPixelItem *item = nullptr;
      Uint8        *bytes = nullptr;

      if (sequence->getItem (item, i).bad () || item == nullptr || item->getUint8Array (bytes).bad () || bytes == nullptr)
        throw Refused (DINO_DICOM_DECODING, 0, 0, DcmXfer (layout.syntax).getXferName ());
      stream.insert (stream.end (), bytes, bytes + item->getLength ());
    }
  return stream;
}

/* Memory is had for the size in the header, so the stream must name the same. */
dino_jpeg_frame
read_jpeg_frame (const std::vector<uint8_t> &stream, const Layout &layout)
{
  dino_jpeg_frame frame{};

  if (!dino_jpeg_read_frame (stream.data (), stream.size (), &frame) || frame.precision > layout.allocated)
    throw Refused (DINO_DICOM_DECODING, 0, 0, DcmXfer (layout.syntax).getXferName ());
  if (frame.n_components != 1)
    throw Refused (DINO_DICOM_COLOUR, 0, 0, "several components");
  if (frame.rows != layout.rows || frame.columns != layout.columns)
    throw Refused (DINO_DICOM_CODESTREAM, frame.columns, frame.rows);
  return frame;
}

/* DCMTK reads wherever a segment is said to begin. */
void
check_rle (const std::vector<uint8_t> &stream, const Layout &layout)
{
  if (!dino_rle_check (stream.data (), stream.size (), layout.allocated / 8))
    throw Refused (DINO_DICOM_DECODING, 0, 0, DcmXfer (layout.syntax).getXferName ());
}

/* Of compressed pixels; from 3.6.8 on DCMTK wants to be told that they are. */
bool
get_frame_size (const DcmPixelData &pixels, DcmDataset &dataset, Uint32 &size)
{
#if PACKAGE_VERSION_NUMBER >= 368
  return pixels.getUncompressedFrameSize (&dataset, size, OFFalse).good ();
#else
  return pixels.getUncompressedFrameSize (&dataset, size).good ();
#endif
}

Words
read_with_dcmtk (DcmDataset &dataset, const Layout &layout)
{
  Uint32              size = 0, fragment = 0;
  OFString            model;
  DcmPixelData       &pixels = find_pixel_data (dataset);
  int                 allocated = layout.allocated;
  size_t              needed;
  Words               words;
  std::vector<Uint16> buffer;

  /* Up to 8 bits a sample are decoded to bytes, whatever is allocated; the
   * decoder of JPEG-LS wants to hear the same from the header. */
  if (layout.syntax == EXS_RLELossless)
    check_rle (join_fragments (dataset, layout), layout);
  else if (read_jpeg_frame (join_fragments (dataset, layout), layout).precision <= 8)
    allocated = 8;
  dataset.putAndInsertUint16 (DCM_BitsAllocated, static_cast<Uint16> (allocated));
  needed = layout.n_pixels () * static_cast<size_t> (allocated) / 8;
  if (!get_frame_size (pixels, dataset, size) || size < needed || size > needed + 1)
    throw Refused (DINO_DICOM_DECODING, 0, 0, DcmXfer (layout.syntax).getXferName ());
  buffer.resize (needed / 2 + 1);
  if (pixels.getUncompressedFrame (&dataset, static_cast<Uint32> (layout.frame), fragment, buffer.data (), static_cast<Uint32> (buffer.size () * 2), model).bad ())
    throw Refused (DINO_DICOM_DECODING, 0, 0, DcmXfer (layout.syntax).getXferName ());
  dataset.putAndInsertUint16 (DCM_BitsAllocated, static_cast<Uint16> (layout.allocated));
  if (allocated == 8)
    widen (reinterpret_cast<const uint8_t *> (buffer.data ()), layout.n_pixels (), words);
  else
    words.assign (buffer.begin (), buffer.begin () + static_cast<std::ptrdiff_t> (layout.n_pixels ()));
  return words;
}

/* Values, not words: bits above BitsStored are cut off later. */
Words
read_jpeg2000 (DcmDataset &dataset, const Layout &layout)
{
  const std::vector<uint8_t> stream = join_fragments (dataset, layout);
  Words                      words (layout.n_pixels ());
  Refused                    failure (DINO_DICOM_DECODING, 0, 0, DcmXfer (layout.syntax).getXferName ());

  if (!dino_jpeg2000_decode (stream.data (), stream.size (), layout.columns, layout.rows, layout.allocated, words.data (), &failure.refusal))
    throw failure;
  for (uint16_t &word : words)
    word = static_cast<uint16_t> (word << (layout.high_bit + 1 - layout.stored));
  return words;
}

Words
read_words (DcmDataset &dataset, const Layout &layout)
{
  switch (layout.syntax)
    {
    case EXS_JPEG2000LosslessOnly:
    case EXS_JPEG2000:
      return read_jpeg2000 (dataset, layout);
    case EXS_RLELossless:
    case EXS_JPEGProcess1:
    case EXS_JPEGProcess2_4:
    case EXS_JPEGProcess14:
    case EXS_JPEGProcess14SV1:
    case EXS_JPEGLSLossless:
    case EXS_JPEGLSLossy:
      return read_with_dcmtk (dataset, layout);
    default:
      return read_plain (dataset, layout);
    }
}

/* Lossy coding may overshoot the range that BitsStored gives. */
bool
may_overshoot (const Layout &layout)
{
  return !layout.is_signed && layout.high_bit + 1 == layout.stored &&
         (layout.syntax == EXS_JPEGProcess1 || layout.syntax == EXS_JPEGProcess2_4 || layout.syntax == EXS_JPEGLSLossy || layout.syntax == EXS_JPEG2000);
}

/* Bits above HighBit may hold overlays and below it nothing (PS3.5 8.1.1). */
void
store (const Words &words, const Layout &layout, dino_picture &picture)
{
  const unsigned shift = static_cast<unsigned> (layout.high_bit + 1 - layout.stored);
  const unsigned mask = (1u << layout.stored) - 1;
  const unsigned sign = 1u << (layout.stored - 1);
  const unsigned largest = may_overshoot (layout) ? mask : 0xffffu;

  picture.stored_offset = layout.is_signed ? -32768 : 0;
  for (size_t i = 0; i < words.size (); i++)
    {
      const unsigned value = std::min<unsigned> (words[i], largest) >> shift & mask;

      picture.samples16[i] = static_cast<uint16_t> (layout.is_signed ? (value ^ sign) + (32768u - sign) : value);
    }
}

/* Grey scale. */

/* LUT Descriptor: entries, first input, bits an entry (PS3.3 C.11.1.1.1). */
dino_lut *
read_lut (DcmItem &item, bool is_signed, const char *name)
{
  const Refused failure (DINO_DICOM_TABLE, 0, 0, name);
  int           n = 0, first = 0, bits = 0;
  dino_lut     *lut;
  DcmElement   *element = nullptr;
  dino_error    error = {};

  if (!get_us_or_ss (item, DCM_LUTDescriptor, 0, false, n) || !get_us_or_ss (item, DCM_LUTDescriptor, 1, is_signed, first) ||
      !get_us_or_ss (item, DCM_LUTDescriptor, 2, false, bits) || bits < 1 || bits > 16 ||
      item.findAndGetElement (DCM_LUTData, element).bad () || element == nullptr)
    throw failure;
  /* A descriptor in SS has large counts wrapped. */
  n = n > 0 ? n : n + 65536;
  if (n < 1 || n > 65536)
    throw failure;
  lut = dino_lut_new (static_cast<size_t> (n), &error);
  if (lut == nullptr)
    throw std::bad_alloc ();
  lut->first = first;
  lut->bits = bits;
  {
    Uint16      *words = nullptr;
    Uint8       *bytes = nullptr;
    const auto   count = static_cast<size_t> (n);
    const size_t length = element->getLength ();

    if (length >= 2 * count && element->getUint16Array (words).good () && words != nullptr)
      memcpy (lut->entries, words, 2 * count);
    else if (length >= count && bits <= 8 && element->getUint16Array (words).good () && words != nullptr)
      /* Two entries a word, the first one low (PS3.3 C.11.1.1.2). */
      for (size_t i = 0; i < count; i++)
        lut->entries[i] = static_cast<uint16_t> (words[i / 2] >> (i % 2 * 8) & 0xff);
    else if (length >= count && bits <= 8 && element->getUint8Array (bytes).good () && bytes != nullptr)
      for (size_t i = 0; i < count; i++)
        lut->entries[i] = bytes[i];
    else
      {
        dino_lut_free (lut);
        throw failure;
      }
  }
  return lut;
}

DcmItem *
sequence_item (DcmItem &dataset, const DcmTagKey &tag, long index)
{
  DcmItem *item = nullptr;

  return dataset.findAndGetSequenceItem (tag, item, index).good () ? item : nullptr;
}

void
read_modality (DcmDataset &dataset, bool is_signed, dino_grey_scale &grey)
{
  DcmItem *item = sequence_item (dataset, DCM_ModalityLUTSequence, 0);
  double   slope = 1, intercept = 0;

  if (item != nullptr)
    {
      grey.modality = read_lut (*item, is_signed, "modality");
      dino_dicom_copy_text (grey.unit, sizeof grey.unit, dino_dicom_to_utf8 (get_string (*item, DCM_ModalityLUTType).c_str (), ""));
    }
  grey.has_rescale = get_double (dataset, DCM_RescaleSlope, 0, slope);
  grey.has_rescale |= get_double (dataset, DCM_RescaleIntercept, 0, intercept);
  grey.slope = slope;
  grey.intercept = intercept;
  if (item == nullptr)
    dino_dicom_copy_text (grey.unit, sizeof grey.unit, dino_dicom_to_utf8 (get_string (dataset, DCM_RescaleType).c_str (), ""));
  /* "US" is the standard's word for unspecified. */
  if (strcmp (grey.unit, "US") == 0)
    grey.unit[0] = '\0';
}

void
read_voi (DcmDataset &dataset, bool is_signed, const std::string &charset, dino_grey_scale &grey)
{
  std::vector<dino_voi> list;
  const OFString        name = get_string (dataset, DCM_VOILUTFunction);
  dino_voi_function     function = DINO_VOI_LINEAR;
  dino_error            error = {};

  if (name == "SIGMOID")
    function = DINO_VOI_SIGMOID;
  else if (name == "LINEAR_EXACT")
    function = DINO_VOI_LINEAR_EXACT;

  for (long i = 0; i < DINO_VOI_MAX / 2; i++)
    {
      DcmItem *item = sequence_item (dataset, DCM_VOILUTSequence, i);
      dino_voi voi{};

      if (item == nullptr)
        break;
      /* Inputs are modality values: signed where these can be negative. */
      voi.lut = read_lut (*item, grey.modality == nullptr && (is_signed || grey.intercept < 0), "VOI");
      voi.window.width = 1;
      dino_dicom_copy_text (voi.name, sizeof voi.name, dino_dicom_to_utf8 (get_string (*item, DCM_LUTExplanation).c_str (), charset));
      list.push_back (voi);
    }
  for (unsigned long i = 0; i < DINO_VOI_MAX / 2; i++)
    {
      dino_voi voi{};

      if (!get_double (dataset, DCM_WindowCenter, i, voi.window.center) || !get_double (dataset, DCM_WindowWidth, i, voi.window.width))
        break;
      voi.window.function = function;
      if (!(voi.window.width > 0) || (function == DINO_VOI_LINEAR && voi.window.width < 1))
        continue;
      dino_dicom_copy_text (voi.name, sizeof voi.name, dino_dicom_to_utf8 (get_string (dataset, DCM_WindowCenterWidthExplanation, i).c_str (), charset));
      list.push_back (voi);
    }
  if (!dino_grey_scale_set_n_voi (&grey, list.size (), &error))
    throw std::bad_alloc ();
  for (size_t i = 0; i < list.size (); i++)
    grey.voi[i] = list[i];
}

void
read_padding (DcmDataset &dataset, bool is_signed, dino_grey_scale &grey)
{
  int value = 0, limit = 0;

  if (!get_us_or_ss (dataset, DCM_PixelPaddingValue, 0, is_signed, value))
    return;
  limit = value;
  get_us_or_ss (dataset, DCM_PixelPaddingRangeLimit, 0, is_signed, limit);
  /* A value in the wrong one of US and SS still means the same bits. */
  if (is_signed)
    {
      value = static_cast<Sint16> (value);
      limit = static_cast<Sint16> (limit);
    }
  else
    {
      value = static_cast<Uint16> (value);
      limit = static_cast<Uint16> (limit);
    }
  grey.has_padding = true;
  grey.padding_low = value < limit ? value : limit;
  grey.padding_high = value < limit ? limit : value;
}

dino_grey_scale *
read_grey_scale (DcmDataset &dataset, const Layout &layout, const std::string &charset)
{
  dino_error       error = {};
  dino_grey_scale *grey = dino_grey_scale_new (&error);
  const OFString   shape = get_string (dataset, DCM_PresentationLUTShape);

  if (grey == nullptr)
    throw std::bad_alloc ();
  try
    {
      read_modality (dataset, layout.is_signed, *grey);
      read_voi (dataset, layout.is_signed, charset, *grey);
      read_padding (dataset, layout.is_signed, *grey);
    }
  catch (...)
    {
      dino_grey_scale_free (grey);
      throw;
    }
  grey->monochrome1 = layout.monochrome1;
  if (shape == "INVERSE")
    grey->presentation = DINO_PRESENTATION_INVERSE;
  else if (shape == "IDENTITY")
    grey->presentation = DINO_PRESENTATION_IDENTITY;
  return grey;
}

/* Attributes. */

using Pairs = std::vector<std::pair<const dino_dicom_attribute *, std::string> >;

Pairs
collect (DcmDataset &dataset, const std::string &charset)
{
  Pairs pairs;

  for (const dino_dicom_attribute &entry : dino_dicom_attributes)
    {
      OFString    value;
      std::string text;

      if (dataset.findAndGetOFStringArray (DcmTagKey (entry.group, entry.element), value).bad () || value.empty ())
        continue;
      text = dino_dicom_to_utf8 (value.c_str (), charset);
      if (!text.empty ())
        pairs.emplace_back (&entry, text);
    }
  return pairs;
}

dino_dicom_spacing
get_spacing (DcmItem &item, const DcmTagKey &tag)
{
  dino_dicom_spacing spacing{};

  get_double (item, tag, 0, spacing.y);
  get_double (item, tag, 1, spacing.x);
  return spacing;
}

void
read_spacing (DcmDataset &dataset, dino_attributes &attributes)
{
  const OFString            modality = get_string (dataset, DCM_Modality);
  const dino_dicom_spacings spacings = { modality.c_str (), get_spacing (dataset, DCM_PixelSpacing), get_spacing (dataset, DCM_ImagerPixelSpacing),
                                         get_spacing (dataset, DCM_NominalScannedPixelSpacing), !get_string (dataset, DCM_PixelSpacingCalibrationType).empty () };

  dino_dicom_choose_spacing (&spacings, &attributes);
}

void
set_attribute (dino_attribute &attribute, const char *keyword, const std::string &value, bool personal)
{
  dino_error error = {};

  attribute.keyword = dino_strdup (keyword, &error);
  attribute.value = dino_strdup (value.c_str (), &error);
  attribute.personal = personal;
  if (attribute.keyword == nullptr || attribute.value == nullptr)
    throw std::bad_alloc ();
}

void
read_attributes (DcmDataset &dataset, const Layout &layout, const std::string &charset, dino_picture &picture)
{
  const Pairs pairs = collect (dataset, charset);
  dino_error  error = {};

  picture.attributes = dino_attributes_new (pairs.size () + 1, &error);
  if (picture.attributes == nullptr)
    throw std::bad_alloc ();
  set_attribute (picture.attributes->items[0], "TransferSyntax", DcmXfer (layout.syntax).getXferName (), false);
  for (size_t i = 0; i < pairs.size (); i++)
    set_attribute (picture.attributes->items[i + 1], pairs[i].first->keyword, pairs[i].second, pairs[i].first->personal);
  read_spacing (dataset, *picture.attributes);
}

Picture
decode (const uint8_t *data, size_t length, int frame)
{
  DcmFileFormat file;
  DcmDataset   &dataset = *file.getDataset ();
  dino_error    error = {};
  Layout        layout;
  std::string   charset;
  Picture       picture;

  parse (file, data, length);
  layout = read_layout (dataset, frame);
  charset = get_string (dataset, DCM_SpecificCharacterSet).c_str ();
  {
    const Words words = read_words (dataset, layout);

    picture.reset (dino_picture_new (layout.columns, layout.rows, 1, 16, &error));
    if (picture == nullptr)
      throw std::bad_alloc ();
    store (words, layout, *picture);
  }
  picture->file_bits = layout.stored;
  snprintf (picture->format, sizeof picture->format, "DICOM");
  snprintf (picture->mode, sizeof picture->mode, "%d-bit grey, %s%s", layout.stored, layout.is_signed ? "signed, " : "",
            layout.monochrome1 ? "MONOCHROME1" : "MONOCHROME2");
  picture->grey = read_grey_scale (dataset, layout, charset);
  read_attributes (dataset, layout, charset, *picture);
  return picture;
}

} // namespace

extern "C" bool
dino_dicom_setup (void)
{
  try
    {
      OFLog::configure (OFLogger::OFF_LOG_LEVEL);
      dcmEnableAutomaticInputDataCorrection.set (OFTrue);
      DcmRLEDecoderRegistration::registerCodecs ();
      DJDecoderRegistration::registerCodecs (EDC_never, EUC_never, EPC_default);
      DJLSDecoderRegistration::registerCodecs ();
      return dcmDataDict.isDictionaryLoaded ();
    }
  catch (...)
    {
      return false;
    }
}

extern "C" struct dino_picture *
dino_dicom_decode (const uint8_t *data, size_t length, int frame, struct dino_dicom_refusal *refusal)
{
  try
    {
      return decode (data, length, frame).release ();
    }
  catch (const Refused &refused)
    {
      *refusal = refused.refusal;
    }
  catch (const std::bad_alloc &)
    {
      *refusal = Refused (DINO_DICOM_MEMORY).refusal;
    }
  catch (...)
    {
      *refusal = Refused (DINO_DICOM_MALFORMED, 0, 0, "the parser gave up").refusal;
    }
  return nullptr;
}
