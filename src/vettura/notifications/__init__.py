"""
How people are reached: mail, SMS, notes to phones, and the inbox in the portal.

Callers say whom (`recipient_id`, an id without a foreign key), where (address or number) and in which language. A
`Mail` or `Sms` is written down in the caller's transaction, sent by a job after it commits, tried again while that may help, and
keeps its delivery state for those who are asked "where is my mail?". A `Message` lies in the recipient's inbox
(Communications) with its attachments.

Promises: nothing is sent that was rolled back; texts and attachments are encrypted until they are sent and deleted
then, because links and codes are keys; a message opens for its recipient only.
"""
