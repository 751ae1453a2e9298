/* Writing secondary captures (PS3.3 A.8.1) by DCMTK. */
#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcostrmb.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <new>
#include <string>
#include <sys/random.h>

extern "C"
{
#include "core/base/memory.h"
#include "dicom/capture.h"
#include "io/dicom-request.h"
}

/* In files, so it is never translated. */
#define NOTICE "For research only. Not for clinical use."

#define ROOM_BESIDE 32768

namespace
{
struct Request
{
  uint32_t       width, height;
  std::string    text;
  const uint8_t *pixels;
  size_t         n_bytes;
};

uint32_t
get_word (const uint8_t *bytes)
{
  return (uint32_t) bytes[0] | (uint32_t) bytes[1] << 8 | (uint32_t) bytes[2] << 16 | (uint32_t) bytes[3] << 24;
}

bool
read_request (const uint8_t *data, size_t length, Request *request)
{
  if (length < DINO_DICOM_REQUEST_HEAD || memcmp (data, DINO_DICOM_REQUEST_MAGIC, sizeof DINO_DICOM_REQUEST_MAGIC) != 0)
    return false;
  request->width = get_word (data + 8);
  request->height = get_word (data + 12);
  const size_t n_text = get_word (data + 16);
  if (request->width == 0 || request->height == 0 || request->width > 65535 || request->height > 65535 || n_text > DINO_DICOM_REQUEST_TEXT)
    return false;
  request->n_bytes = (size_t) request->width * request->height * 3;
  if (length != DINO_DICOM_REQUEST_HEAD + n_text + request->n_bytes)
    return false;
  request->text.assign ((const char *) data + DINO_DICOM_REQUEST_HEAD, n_text);
  request->pixels = data + DINO_DICOM_REQUEST_HEAD + n_text;
  return true;
}

/* Divides the number of 16 bytes, the highest first, by ten; returns the remainder. */
unsigned
divide_by_ten (uint8_t bytes[16])
{
  unsigned rest = 0;

  for (int i = 0; i < 16; i++)
    {
      rest = rest << 8 | bytes[i];
      bytes[i] = (uint8_t) (rest / 10);
      rest %= 10;
    }
  return rest;
}

/* "2.25." and a random UUID as one decimal number (PS3.5 B.2, RFC 4122). */
bool
make_uid (std::string *uid)
{
  uint8_t     bytes[16];
  std::string digits;

  if (getrandom (bytes, sizeof bytes, 0) != (ssize_t) sizeof bytes)
    return false;
  bytes[6] = (uint8_t) ((bytes[6] & 0x0f) | 0x40);
  bytes[8] = (uint8_t) ((bytes[8] & 0x3f) | 0x80);
  while (std::any_of (bytes, bytes + sizeof bytes, [] (uint8_t byte) { return byte != 0; }))
    digits.push_back ((char) ('0' + (int) divide_by_ten (bytes)));
  std::reverse (digits.begin (), digits.end ());
  *uid = "2.25." + digits;
  return true;
}

bool
put_identifiers (DcmDataset *set)
{
  static const DcmTagKey tags[] = { DCM_StudyInstanceUID, DCM_SeriesInstanceUID, DCM_SOPInstanceUID };
  bool                   good = set->putAndInsertString (DCM_SOPClassUID, UID_SecondaryCaptureImageStorage).good ();

  for (const DcmTagKey &tag : tags)
    {
      std::string uid;

      good = good && make_uid (&uid) && set->putAndInsertString (tag, uid.c_str ()).good ();
    }
  return good;
}

/* Attributes that must be there and may be empty (type 2). */
bool
put_nobody (DcmDataset *set)
{
  static const DcmTagKey tags[] = { DCM_PatientName, DCM_PatientID, DCM_PatientBirthDate, DCM_PatientSex, DCM_StudyDate, DCM_StudyTime,
                                    DCM_ReferringPhysicianName, DCM_StudyID, DCM_AccessionNumber, DCM_SeriesNumber, DCM_InstanceNumber,
                                    DCM_PatientOrientation, DCM_Laterality };
  bool                   good = true;

  for (const DcmTagKey &tag : tags)
    good = good && set->insertEmptyElement (tag).good ();
  return good;
}

bool
put_texts (DcmDataset *set, const Request &request)
{
  const struct
  {
    DcmTagKey   tag;
    const char *value;
  } texts[] = {
    { DCM_SpecificCharacterSet, "ISO_IR 192" },
    { DCM_ImageType, "DERIVED\\SECONDARY" },
    { DCM_Modality, "OT" },
    { DCM_ConversionType, "WSD" },
    { DCM_BurnedInAnnotation, "YES" },
    { DCM_ImageComments, NOTICE },
    { DCM_DerivationDescription, request.text.c_str () },
    { DCM_PhotometricInterpretation, "RGB" },
  };

  return std::all_of (std::begin (texts), std::end (texts), [set] (const auto &text) { return set->putAndInsertString (text.tag, text.value).good (); });
}

bool
put_pixels (DcmDataset *set, const Request &request)
{
  const struct
  {
    DcmTagKey tag;
    Uint16    value;
  } numbers[] = {
    { DCM_SamplesPerPixel, 3 },
    { DCM_PlanarConfiguration, 0 },
    { DCM_Rows, (Uint16) request.height },
    { DCM_Columns, (Uint16) request.width },
    { DCM_BitsAllocated, 8 },
    { DCM_BitsStored, 8 },
    { DCM_HighBit, 7 },
    { DCM_PixelRepresentation, 0 },
  };

  return std::all_of (std::begin (numbers), std::end (numbers), [set] (const auto &number) { return set->putAndInsertUint16 (number.tag, number.value).good (); }) &&
         set->putAndInsertUint8Array (DCM_PixelData, request.pixels, (unsigned long) request.n_bytes).good ();
}

uint8_t *
write_file (DcmFileFormat *format, size_t room, size_t *length)
{
  uint8_t *data = (uint8_t *) dino_alloc (room, 1, NULL);

  if (data == NULL)
    return NULL;
  DcmOutputBufferStream stream (data, (offile_off_t) room);
  format->transferInit ();
  const OFCondition written = format->write (stream, EXS_LittleEndianExplicit, EET_ExplicitLength, NULL);
  format->transferEnd ();
  void        *filled = NULL;
  offile_off_t n = 0;
  stream.flush ();
  stream.flushBuffer (filled, n);
  if (written.good () && n > 0)
    {
      *length = (size_t) n;
      return data;
    }
  dino_free (data);
  return NULL;
}
}

extern "C" uint8_t *
dino_dicom_make_capture (const uint8_t *data, size_t length, size_t *file_length)
{
  try
    {
      Request       request;
      DcmFileFormat format;
      DcmDataset   *set = format.getDataset ();

      if (!read_request (data, length, &request) || !put_identifiers (set) || !put_nobody (set) || !put_texts (set, request) || !put_pixels (set, request))
        return NULL;
      return write_file (&format, request.n_bytes + ROOM_BESIDE, file_length);
    }
  catch (...)
    {
      return NULL;
    }
}
