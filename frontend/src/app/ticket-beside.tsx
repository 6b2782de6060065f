/** What stands beside the conversation: who asks, what was promised, what else is known. */
import { CustomerPanel } from '@/features/customer/customer-panel'
import { TicketPromises } from '@/features/promises/ticket-promises'
import { TicketContext } from '@/features/ticket/ticket-context'

export default function TicketBeside({ id }: { id: string }) {
  return (
    <>
      <CustomerPanel ticketId={id} />
      <TicketPromises ticketId={id} />
      <TicketContext id={id} />
    </>
  )
}
